package bot

import (
	"errors"
	"testing"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// Two messages at the same time that fit one call both counted as taken; if the call had
// ended, the source of the second one blocked.
func TestMessagesAtTheSameTimeFitOneCall(t *testing.T) {
	for range 500 {
		var w waits
		both := make(chan struct{})
		w.add("ada", newWait(func(*chat.Message) bool { <-both; return true }, true))
		took := make(chan bool, 2)
		for range 2 {
			go func() { took <- w.deliver(&chat.Message{Broadcaster: chat.User{ID: "ada"}}) }()
		}
		close(both)
		if a, b := <-took, <-took; a && b {
			t.Fatal("both messages were taken, want one")
		}
	}
}

// A condition that panics kept all messages from the commands of the channel.
func TestConditionThatPanicsHoldsUpNothing(t *testing.T) {
	var w waits
	first := newWait(func(*chat.Message) bool { panic("no") }, true)
	second := newWait(func(*chat.Message) bool { return true }, true)
	w.add("ada", first)
	w.add("ada", second)
	if !w.deliver(&chat.Message{Broadcaster: chat.User{ID: "ada"}}) || len(second.got) != 1 {
		t.Error("the second call got no message")
	}
	if p, ok := errors.AsType[*eventsub.PanicError]((<-first.got).err); !ok || p.Value != "no" {
		t.Errorf("the first call got %v, want the panic", p)
	}
}
