package eventsub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// An unsureInbox stores notifications, but some calls return an error all the same.
type unsureInbox struct {
	*MemoryInbox

	failPut     func(call int) bool
	failWaiting func(call int) bool
	puts, reads int
}

var errUnsure = errors.New("the disk did not answer in time")

func (u *unsureInbox) Put(ctx context.Context, ns ...Notification) ([]int64, error) {
	numbers, err := u.MemoryInbox.Put(ctx, ns...)
	if u.puts++; err == nil && u.failPut(u.puts) {
		return nil, errUnsure
	}
	return numbers, err
}

func (u *unsureInbox) Waiting(ctx context.Context, after int64, limit int) ([]InboxEntry, error) {
	if u.reads++; u.failWaiting(u.reads) {
		return nil, errUnsure
	}
	return u.MemoryInbox.Waiting(ctx, after, limit)
}

// An event that the inbox stored although it returned an error was acknowledged as a
// duplicate when Twitch sent it again, and not handled before the next start.
func TestEventStoredDespiteAnErrorIsHandled(t *testing.T) {
	for name, inbox := range map[string]*unsureInbox{
		"once":      {failPut: func(n int) bool { return n == 1 }, failWaiting: func(int) bool { return false }},
		"often":     {failPut: func(n int) bool { return n%2 == 1 }, failWaiting: func(int) bool { return false }},
		"also read": {failPut: func(n int) bool { return n%5 == 1 }, failWaiting: func(n int) bool { return n%3 == 2 }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				inbox.MemoryInbox = NewMemoryInbox(MemoryInboxOptions{})
				m := NewMux(MuxOptions{Inbox: inbox})
				var got, want []string
				m.OnAny(func(_ context.Context, n Notification) error {
					got = append(got, n.Meta.MessageID)
					return nil
				})
				for i := range 20 {
					n := Notification{Type: Type{Name: "x", Version: "1"}, Meta: Meta{MessageID: fmt.Sprint("m", i), Timestamp: time.Now()}}
					want = append(want, n.Meta.MessageID)
					for m.Accept(t.Context(), n) != nil { // as Twitch does
						time.Sleep(time.Second)
					}
					if i%3 == 0 {
						synctest.Wait()
					}
				}
				if err := m.Drain(t.Context()); err != nil {
					t.Error(err)
				}
				if !slices.Equal(got, want) {
					t.Errorf("handled: got %v, want %v", got, want)
				}
			})
		})
	}
}
