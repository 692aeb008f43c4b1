package bot

import (
	"context"
	"fmt"
	"testing"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/irc"
)

// ids are distinct message ids.
var ids = func() []string {
	all := make([]string, 4*mostSeen)
	for i := range all {
		all[i] = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
	}
	return all
}()

// copiesOf returns a line of IRC and the event of the same message.
func copiesOf(tb testing.TB) (*irc.PrivMsg, *eventsub.ChannelChatMessage) {
	tb.Helper()
	line, err := irc.Parse("@badges=subscriber/12;badge-info=subscriber/14;display-name=Grace;id=m1;room-id=1;user-id=2;first-msg=1 " +
		":grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :hello there")
	if err != nil {
		tb.Fatal(err)
	}
	p := new(irc.PrivMsg)
	if err := p.Decode(&line); err != nil {
		tb.Fatal(err)
	}
	return p, &eventsub.ChannelChatMessage{
		BroadcasterUserID: "1", BroadcasterUserLogin: "ada", BroadcasterUserName: "Ada",
		ChatterUserID: "2", ChatterUserLogin: "grace", ChatterUserName: "Grace", MessageID: "m1",
		Message:     eventsub.Message{Text: "hello there", Fragments: []eventsub.Fragment{{Type: "text", Text: "hello there"}}},
		MessageType: "text", Badges: []eventsub.Badge{{SetID: "subscriber", ID: "12", Info: "14"}},
	}
}

// oneMessage returns a function that takes the copies of a new message, of the sources in
// from, through a stream.
func oneMessage(tb testing.TB, attached int32, from source) func() {
	p, e := copiesOf(tb)
	s := NewStream(StreamOptions{})
	s.sources.Store(attached)
	s.On(func(context.Context, *chat.Message) error { return nil })
	s.room("1").expectFrom(from)
	n := 0
	return func() {
		id := ids[n%len(ids)]
		n++
		if from&fromIRC != 0 {
			s.arrive(context.Background(), arrival{from: fromIRC, room: "1", id: id, carried: p})
		}
		if from&fromEventSub != 0 {
			s.arrive(context.Background(), arrival{from: fromEventSub, room: "1", id: id, carried: e})
		}
	}
}

// The stream itself allocates nothing for a message that does not wait, and what it holds
// a message in for one that does: beside what Chat allocates for each copy.
func TestAllocationsOfTheStream(t *testing.T) {
	p, e := copiesOf(t)
	ofIRC := testing.AllocsPerRun(100, func() { p.Chat() })
	ofEventSub := testing.AllocsPerRun(100, func() { e.Chat() })
	for _, row := range []struct {
		name     string
		attached int32
		from     source
		most     float64
	}{
		{"one source", 1, fromIRC, ofIRC},
		{"IRC alone", 2, fromIRC, ofIRC},
		{"EventSub alone", 2, fromEventSub, ofEventSub},
		{"merged", 2, fromIRC | fromEventSub, ofIRC + ofEventSub + 3}, // held, its place in the queue, the merged message
	} {
		if got := testing.AllocsPerRun(1000, oneMessage(t, row.attached, row.from)); got > row.most {
			t.Errorf("%s: got %v allocations, want at most %v", row.name, got, row.most)
		}
	}
}

func BenchmarkStream(b *testing.B) {
	p, _ := copiesOf(b)
	b.Run("Chat alone", func(b *testing.B) {
		for b.Loop() {
			p.Chat()
		}
	})
	for name, of := range map[string]struct {
		attached int32
		from     source
	}{"one source": {1, fromIRC}, "IRC alone of two": {2, fromIRC}, "merged": {2, fromIRC | fromEventSub}} {
		b.Run(name, func(b *testing.B) {
			one := oneMessage(b, of.attached, of.from)
			b.ReportAllocs()
			for b.Loop() {
				one()
			}
		})
	}
}
