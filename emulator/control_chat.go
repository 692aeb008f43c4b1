package emulator

import (
	"errors"
	"time"
)

// chatVerbs are faults of IRC's connections, logins and lines.
var chatVerbs = []verb{
	{"reconnect-chat", "seconds? connection?", "IRC connections are told to reconnect, and closed after some seconds; with 0 they stay open.", "seconds=5", onConnections(func(s *Server, o order, ids ...string) int {
		return s.ReconnectChat(time.Duration(o.Seconds)*time.Second, ids...)
	})},
	{"close-chat", "connection?", "IRC connections are closed after what was sent.", "connection=mybot", onConnections(func(s *Server, _ order, ids ...string) int {
		return s.CloseChat(ids...)
	})},
	{"drop-chat", "connection?", "IRC connections are closed at once.", "", onConnections(func(s *Server, _ order, ids ...string) int {
		return s.DropChat(ids...)
	})},
	{"cut-chat", "connection?", "IRC connections are cut in the middle of the next line.", "", onConnections(func(s *Server, _ order, ids ...string) int {
		return s.CutChat(ids...)
	})},
	{"silence-chat", "pings? connection?", "IRC connections send nothing any more; with pings=true they still send PING and PONG.", "pings=true", onConnections(func(s *Server, o order, ids ...string) int {
		return s.SilenceChat(o.Pings, ids...)
	})},
	{"half-open-chat", "connection?", "IRC connections stay open and deliver nothing in either direction.", "", onConnections(func(s *Server, _ order, ids ...string) int {
		return s.HalfOpenChat(ids...)
	})},
	{"slow-chat", "lines connection?", "IRC connections send so many lines in a second; 0 ends that.", "lines=2", onConnections(func(s *Server, o order, ids ...string) int {
		return s.SlowChat(o.Lines, ids...)
	})},
	{"refuse-logins", "seconds text?", "Logins to chat fail for some seconds; text is the reason that they get, by default Login unsuccessful.", "seconds=60 text='Error logging in'", func(s *Server, o order) (any, error) {
		if o.Seconds <= 0 {
			return nil, errors.New("seconds must be positive; heal-chat ends the refusal early")
		}
		if o.Text == "" {
			o.Text = "Login unsuccessful"
		}
		s.RefuseChatLogins(time.Duration(o.Seconds)*time.Second, o.Text)
		return nil, nil
	}},
	{"withhold-logins", "times?", "The next logins to chat go unanswered.", "times=1", func(s *Server, o order) (any, error) {
		s.WithholdChatWelcome(max(o.Times, 1))
		return nil, nil
	}},
	{"ignore-joins", "times?", "The next joins of a channel over IRC go unanswered.", "times=1", func(s *Server, o order) (any, error) {
		s.IgnoreJoins(max(o.Times, 1))
		return nil, nil
	}},
	{"disturb-chat", "duplicate? loss? delay? jitter? broadcaster? connection? seed?", "Lines about channels are sent twice, not at all, late, or in another order; shares are from 0 to 1, times in seconds.", "duplicate=0.1 jitter=2 seed=1", func(s *Server, o order) (any, error) {
		return nil, s.DisturbChat(ChatFault{
			Connection: o.Connection, Channel: o.Broadcaster, Seed: o.Seed,
			Duplicate: o.Duplicate, Lost: o.Loss, Delay: duration(o.Delay), Jitter: duration(o.Jitter),
		})
	}},
	{"heal-chat", "", "Ends disturb-chat, slow-chat, refuse-logins, withhold-logins and ignore-joins.", "", func(s *Server, _ order) (any, error) { s.HealChat(); return nil, nil }},
}

// onConnections makes a verb of a fault of IRC connections. It answers with the number of
// connections.
func onConnections(fault func(s *Server, o order, ids ...string) int) func(s *Server, o order) (any, error) {
	return func(s *Server, o order) (any, error) {
		if min(o.Seconds, o.Lines) < 0 {
			return nil, errors.New("seconds and lines must not be negative")
		}
		var ids []string
		if o.Connection != "" {
			ids = []string{o.Connection}
		}
		n := fault(s, o, ids...)
		if n == 0 && o.Connection != "" {
			return nil, errors.New("there is no such connection; GET /larkspur/connections lists them")
		}
		return map[string]int{"connections": n}, nil
	}
}
