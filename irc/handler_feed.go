package irc

import "context"

// A feed collects consecutive messages of one channel, so that a burst costs its lane one
// lock and one wake-up instead of one for each line. It belongs to the goroutine of a
// link.
type feed struct {
	lanes   *lanes
	channel string
	run     []Message // of channel, not pushed yet
}

// add takes a message. flush passes what was added on to the lane.
func (f *feed) add(ctx context.Context, m *Message) {
	if channel := m.Channel(); channel != f.channel {
		f.flush(ctx)
		f.channel = channel
	}
	if cap(f.run) == 0 {
		f.run = make([]Message, 0, keptQueue)
	}
	f.run = append(f.run, *m)
}

func (f *feed) flush(ctx context.Context) {
	if len(f.run) > 0 {
		f.run = f.lanes.push(ctx, f.channel, f.run)
	}
}
