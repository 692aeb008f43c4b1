package emulator

import (
	"context"
	"time"
)

// listenerPoll is the interval at which WaitForListener checks.
const listenerPoll = 20 * time.Millisecond

// WaitForListener waits until an IRC connection has joined one of the channels. It
// returns the context's error if ctx ends first.
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
