package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/chat"
)

// A line of any length is one line, and none is lost behind it.
func TestPipedLines(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 200_000)
	got := slices.Collect(pipedLines(strings.NewReader("one\r\n\n  two  \n" + long + "\nthree")))
	if len(got) != 4 || got[0] != "one" || got[1] != "two" || got[3] != "three" {
		t.Fatalf("got %d lines, want one, two, the long one and three", len(got))
	}
	if chat.Length(got[2]) <= chat.MaxLength || len(got[2]) > maxPiped {
		t.Errorf("got %d characters of the long line", chat.Length(got[2]))
	}
	if lines := slices.Collect(pipedLines(strings.NewReader(strings.Repeat("\U0001f600", 100_000)))); chat.Length(lines[0]) <= chat.MaxLength {
		t.Errorf("got %d characters of a line of emoji, which could be sent", chat.Length(lines[0]))
	}
}

// What is remembered of a channel is bounded.
func TestChatRoomsAreBounded(t *testing.T) {
	t.Parallel()
	r := newChatRooms([]channel{{"1", "ada"}})
	name := func(i int) string { return "user" + strings.Repeat("i", i%700) }
	for i := range 5000 {
		r.saw(&chat.Message{ID: name(i), Broadcaster: chat.User{Login: "ada"}, Chatter: chat.Chatter{User: chat.User{Login: name(i)}}, Text: "x"})
		r.saw(&chat.Message{ID: name(i), Broadcaster: chat.User{Login: name(i)}}) // a channel that is not read
	}
	r.in("ada", func(room *chatRoom) {
		if len(room.recent) > maxRecent || len(room.chatters) > maxChatters {
			t.Errorf("got %d messages and %d names", len(room.recent), len(room.chatters))
		}
	})
	if got := len(r.channels("")); got != 1 {
		t.Errorf("got %d channels", got)
	}
	if got := r.names("user"); len(got) != maxChatters || got[0] != name(4999) {
		t.Errorf("got %d names, the first %q", len(got), got[0])
	}
	if m, ok := r.last(name(4999)); !ok || m.id != name(4999) {
		t.Errorf("got %v, %t", m, ok)
	}
}
