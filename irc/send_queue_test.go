package irc

import (
	"errors"
	"testing"
	"time"
)

// The connection broke after a message was taken from the queue and before it was
// written; meanwhile its sender stopped waiting.
func TestAbandonedMessageIsNotSentLater(t *testing.T) {
	b := newOutbox(Options{}.withDefaults().Limits, 10)
	everywhere := func(string) bool { return true }
	for _, o := range []*outgoing{
		{channel: "ada", text: "stale", done: make(chan error, 1)},
		{channel: "ada", text: "fresh", done: make(chan error, 1)},
	} {
		if err := b.put(o); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	stale, _ := b.take(now, everywhere)
	if b.withdraw(stale, ErrExpired) {
		t.Fatal("a message that was taken can be withdrawn")
	}
	b.putBack(stale)
	select {
	case err := <-stale.done:
		if !errors.Is(err, ErrExpired) {
			t.Errorf("got %v, want %v", err, ErrExpired)
		}
	default:
		t.Error("the sender still waits")
	}
	next, _ := b.take(now.Add(time.Minute), everywhere)
	if next == nil || next.text != "fresh" {
		t.Errorf("got %+v, want the other message", next)
	}
}

func TestVerifiedBotsMaySendMore(t *testing.T) {
	o := Options{Limits: VerifiedBot()}.withDefaults()
	b := newOutbox(o.Limits, 1000)
	now := time.Now()
	for i := range 300 {
		if err := b.put(&outgoing{channel: string(rune('a'+i%26)) + string(rune('a'+i/26)), text: "hello", done: make(chan error, 1)}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 300 {
		if o, wait := b.take(now, func(string) bool { return true }); o == nil {
			t.Fatalf("message %d has to wait %v, want none to", i, wait)
		}
	}
	if got, want := o.Limits.Joins, 2000; got != want {
		t.Errorf("joins: got %d, want %d", got, want)
	}
}
