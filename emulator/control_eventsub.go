package emulator

import (
	"errors"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// eventSubVerbs are faults of EventSub's connections, conduits and deliveries.
var eventSubVerbs = []verb{
	{"reconnect-eventsub", "seconds? session?", "Sessions are told to move to another connection, and closed with 4004 after some seconds; Twitch gives 30.", "seconds=5", onSessions(func(s *Server, o order, ids ...string) int {
		return s.ReconnectEventSub(time.Duration(o.Seconds)*time.Second, ids...)
	})},
	{"close-eventsub", "code? session?", "Sessions are closed with a code from 4000 to 4007, or without one.", "code=4005", onSessions(func(s *Server, o order, ids ...string) int {
		if o.Code == 0 {
			return s.DropEventSub(ids...)
		}
		return s.CloseEventSub(o.Code, ids...)
	})},
	{"cut-eventsub", "session?", "Connections are cut in the middle of the next message.", "", onSessions(func(s *Server, _ order, ids ...string) int {
		return s.CutEventSub(ids...)
	})},
	{"silence-eventsub", "pings? session?", "Sessions send no messages any more; with pings=true they still send pings.", "pings=true", onSessions(func(s *Server, o order, ids ...string) int {
		return s.SilenceEventSub(o.Pings, ids...)
	})},
	{"half-open-eventsub", "session?", "Connections stay open and deliver nothing in either direction.", "", onSessions(func(s *Server, _ order, ids ...string) int {
		return s.HalfOpenEventSub(ids...)
	})},
	{"withhold-welcome", "times?", "The next connections to EventSub succeed, but get no welcome.", "times=1", func(s *Server, o order) (any, error) {
		s.WithholdWelcome(max(o.Times, 1))
		return nil, nil
	}},
	{"disturb-eventsub", "duplicate? delay? jitter? refused? unanswered? slow? type? version? session? seed?", "Notifications are sent twice, late, in another order, or not answered; shares are from 0 to 1, times in seconds.", "duplicate=0.1 jitter=2 seed=1", func(s *Server, o order) (any, error) {
		return nil, s.DisturbEventSub(EventFault{
			Type: eventsub.Type{Name: o.Type, Version: o.Version}, Session: o.Session, Seed: o.Seed,
			Duplicate: o.Duplicate, Delay: duration(o.Delay), Jitter: duration(o.Jitter),
			Refused: o.Refused, Unanswered: o.Unanswered, Slow: duration(o.Slow),
		})
	}},
	{"heal-eventsub", "", "Ends disturb-eventsub.", "", func(s *Server, _ order) (any, error) { s.HealEventSub(); return nil, nil }},
	{"disable-shard", "conduit shard status?", "A shard of a conduit is disabled; status is websocket_disconnected unless given.", "conduit=ID shard=0 status=websocket_network_timeout", func(s *Server, o order) (any, error) {
		if o.Status == "" {
			o.Status = "websocket_disconnected"
		}
		return nil, s.DisableShard(o.Conduit, o.Shard, o.Status)
	}},
	{"refuse-shards", "times? text?", "Coming updates of shards get an error inside the response with 202.", "times=1", func(s *Server, o order) (any, error) {
		s.RefuseShards(max(o.Times, 1), o.Text)
		return nil, nil
	}},
}

// onSessions makes a verb of a fault of sessions. It answers with the number of sessions.
func onSessions(fault func(s *Server, o order, ids ...string) int) func(s *Server, o order) (any, error) {
	return func(s *Server, o order) (any, error) {
		if o.Code != 0 && (o.Code < 4000 || o.Code > 4007) {
			return nil, errors.New("code must be from 4000 to 4007")
		}
		var ids []string
		if o.Session != "" {
			ids = []string{o.Session}
		}
		n := fault(s, o, ids...)
		if n == 0 && o.Session != "" {
			return nil, errors.New("there is no such session; GET /larkspur/sessions lists them")
		}
		return map[string]int{"sessions": n}, nil
	}
}

func duration(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }
