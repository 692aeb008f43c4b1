package emulator

import (
	"context"
	"time"
)

// listenerPoll is how often WaitForListener looks; nobody notices.
const listenerPoll = 20 * time.Millisecond

// WaitForListener returns when a connection is in the chat of one of the
// channels, or with the context's error when ctx ends.
func (s *Server) WaitForListener(ctx context.Context, channels ...string) error {
	tick := time.NewTicker(listenerPoll)
	defer tick.Stop()
	for {
		for _, channel := range channels {
			if s.chat.Members(s.UserID(channel)) > 0 {
				return nil
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
