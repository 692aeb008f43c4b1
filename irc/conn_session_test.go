package irc

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/larkspur-dev/larkspur/internal/limit"
)

// TestSessionProperties feeds a session with whatever may come, in any order: it
// never joins faster than allowed, never says a line that is two, and once the
// server behaves it ends up where it is wanted.
func TestSessionProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		s := &session{login: "larkspur", token: "t", caps: "c", joins: limit.NewWindow(20, 10*time.Second), roster: newRoster(100, 100)}
		s.roster.begin(func(n int) *runner { return &runner{number: n} })
		var joins []time.Time
		inside := map[string]bool{} // as the server sees it
		flush := func() {
			for _, line := range s.lines {
				if strings.ContainsAny(line, "\r\n") {
					t.Fatalf("got two lines in %q", line)
				}
				command, rest, _ := strings.Cut(line, " ")
				for name := range strings.SplitSeq(rest, ",") {
					switch name = strings.TrimPrefix(name, "#"); command {
					case "JOIN":
						joins = append(joins, now)
						inside[name] = true
					case "PART":
						delete(inside, name)
					}
				}
			}
			s.lines, s.states = nil, nil
		}
		feed := func(line string) {
			if m, err := Parse(line); err == nil {
				s.hear(now)
				s.line(&m, now)
			}
		}
		channel := rapid.Custom(func(t *rapid.T) string { return fmt.Sprint("c", rapid.IntRange(0, 60).Draw(t, "n")) })
		var wanted []string

		s.begin(now)
		flush()
		feed(":tmi.twitch.tv 001 larkspur :Welcome")
		t.Repeat(map[string]func(*rapid.T){
			"wait": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(0, 12_000).Draw(t, "ms")) * time.Millisecond)
				s.tick(now)
			},
			"want": func(t *rapid.T) {
				wanted = rapid.SliceOfNDistinct(channel, 0, 40, rapid.ID[string]).Draw(t, "channels")
				for _, name := range s.roster.wanted() {
					if !slices.Contains(wanted, name) {
						s.roster.drop(name)
					}
				}
				for _, name := range wanted {
					s.roster.want(name, now)
				}
				s.want(wanted, now)
			},
			"joined": func(t *rapid.T) {
				name := channel.Draw(t, "channel")
				if inside[name] {
					feed(":larkspur!l@x JOIN #" + name)
				}
			},
			"left": func(t *rapid.T) {
				name := channel.Draw(t, "channel")
				delete(inside, name)
				feed(":larkspur!l@x PART #" + name)
			},
			"banned": func(t *rapid.T) {
				feed("@msg-id=msg_banned :tmi.twitch.tv NOTICE #" + channel.Draw(t, "channel") + " :no")
			},
			"any": func(t *rapid.T) { feed(rapid.String().Draw(t, "line")) },
			"":    func(*rapid.T) { flush() },
		})
		if s.err != nil { // dead: a long silence was among it
			return
		}
		// From now on the server answers.
		for range 400 {
			for name := range inside {
				feed(":larkspur!l@x JOIN #" + name)
			}
			feed("PING :x")
			next := s.next()
			if step := now.Add(5 * time.Second); next.After(step) || !next.After(now) {
				next = step
			}
			now = next
			s.tick(now)
			flush()
		}
		for _, name := range wanted {
			if r := s.rooms[name]; r == nil || !r.in || !inside[name] {
				t.Fatalf("not in %s, which is wanted", name)
			}
		}
		if missing := s.roster.notJoined(); len(missing) > 0 {
			t.Fatalf("got %v as not joined, want none", missing)
		}
		if len(s.rooms) != len(wanted) || !s.settled {
			t.Fatalf("got %d channels, settled %t; want %d, settled", len(s.rooms), s.settled, len(wanted))
		}
		slices.SortFunc(joins, time.Time.Compare)
		for i := 20; i < len(joins); i++ {
			if d := joins[i].Sub(joins[i-20]); d < 10*time.Second {
				t.Fatalf("got 21 joins within %v", d)
			}
		}
	})
}

// The session must be woken for the channel that is due first, whatever the order in
// which it looks at its channels.
func TestNextIsTheEarliestDueTime(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := &session{login: "larkspur", joins: limit.NewWindow(100, 10*time.Second), roster: newRoster(100, 100)}
	s.roster.begin(func(n int) *runner { return &runner{number: n} })
	s.begin(now)
	feed := func(line string) {
		m, err := Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		s.hear(now)
		s.line(&m, now)
	}
	feed(":tmi.twitch.tv 001 larkspur :Welcome")
	first := now.Add(time.Second)
	var wanted []string
	for n := range 20 { // asked for one second after another
		now = now.Add(time.Second)
		wanted = append(wanted, fmt.Sprint("c", n))
		s.want(wanted, now)
		if n < 8 {
			s.hear(now)
		}
		for range 20 { // maps have another order each time
			s.dirty = true
			if got, want := s.next(), first.Add(joinTimeout); n < 9 && !got.Equal(want) {
				t.Fatalf("got %v after %d channels, want %v: the first join has no answer by then", got, n+1, want)
			}
		}
	}
	// The first nine got no answer in time and are due again later than the others.
	if got, want := s.next(), now.Add(time.Second); got.After(want) {
		t.Errorf("got %v, want %v at the latest: the next join without an answer", got, want)
	}
}

// A connection that replaces one that still serves lets those go first whose channels are in
// no connection.
func TestLostChannelsAreJoinedFirst(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	joins, all := limit.NewWindow(20, 10*time.Second), newRoster(100, 100)
	all.begin(func(n int) *runner { return &runner{number: n} })
	names := func(letter string) []string {
		var list []string
		for n := range 40 {
			list = append(list, fmt.Sprint(letter, n))
			_, _, _ = all.want(list[n], now)
		}
		return list
	}
	old := make(chan struct{})
	spare := &session{login: "larkspur", joins: joins, roster: all, old: old}
	lost := &session{login: "larkspur", joins: joins, roster: all}
	for _, s := range []*session{lost, spare} {
		s.begin(now)
		m, err := Parse(":tmi.twitch.tv 001 larkspur :Welcome")
		if err != nil {
			t.Fatal(err)
		}
		s.line(&m, now)
	}
	lost.want(names("lost"), now)
	spare.want(names("spare"), now)
	count := func(s *session) (n int) {
		for _, line := range s.lines {
			n += strings.Count(line, "#")
		}
		return n
	}
	step := func(s *session) { s.hear(now); s.tick(now) }
	now = now.Add(10 * time.Second)
	step(spare)
	step(lost)
	if a, b := count(lost), count(spare); a != 40 || b != 0 {
		t.Errorf("got %d joins of lost channels and %d of others, want 40 and none", a, b)
	}
	now = now.Add(10 * time.Second)
	step(spare)
	if n := count(spare); n != 20 {
		t.Errorf("got %d joins of others after that, want 20", n)
	}
}
