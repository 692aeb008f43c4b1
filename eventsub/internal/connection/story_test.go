package connection

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	testURL     = "wss://eventsub.wss.twitch.tv/ws?keepalive_timeout_seconds=30"
	handoverURL = "wss://cell-a.eventsub.wss.twitch.tv/ws?id=1"
)

// A story sends inputs to a machine and compares its outputs.
type story struct {
	t   *testing.T
	m   *Machine
	now time.Time
}

func newStory(t *testing.T) *story {
	t.Helper()
	return &story{t: t, m: New(testURL, 30*time.Second, func() float64 { return 0.5 }), now: time.Unix(1_800_000_000, 0)}
}

// then sends in to the machine and compares the outputs with want, one per line.
func (s *story) then(in Input, want ...string) {
	s.t.Helper()
	got := describe(s.m.Step(in, s.now))
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("%T%+v (-want +got):\n%s", in, in, diff)
	}
}

// wait advances the time to the machine's deadline, which must be d from now, and sends
// a Tick.
func (s *story) wait(d time.Duration, want ...string) {
	s.t.Helper()
	if got := s.m.Deadline().Sub(s.now); got != d {
		s.t.Errorf("next deadline: got %v, want %v", got, d)
	}
	s.now = s.now.Add(d)
	s.then(Tick{}, want...)
}

func (s *story) pass(d time.Duration) { s.now = s.now.Add(d) }

func describe(outputs []Output) []string {
	var lines []string
	for _, out := range outputs {
		switch out := out.(type) {
		case Dial:
			lines = append(lines, fmt.Sprintf("dial %d %s", out.Link, strings.Replace(out.URL, testURL, "base", 1)))
		case Drop:
			lines = append(lines, fmt.Sprintf("drop %d", out.Link))
		case Session:
			lines = append(lines, fmt.Sprintf("session %s fresh=%t", strings.Join(out.IDs, ","), out.Fresh))
		case Lost:
			lines = append(lines, fmt.Sprintf("lost %s: %v", out.Loss.Session, out.Loss.Reason))
		case Deliver:
			lines = append(lines, fmt.Sprintf("deliver late=%t", out.Late))
		case Revoke:
			lines = append(lines, "revoke")
		case Gap:
			lines = append(lines, fmt.Sprintf("gap of %s after %s: %v", out.To.Sub(out.Loss.From), out.Loss.Session, out.Loss.Reason))
		case Waiting:
			lines = append(lines, fmt.Sprintf("waiting %s", out.RetryIn))
		case Refused:
			lines = append(lines, "address refused")
		}
	}
	return lines
}

func (s *story) welcome(link int, id string) Welcome {
	return Welcome{Link: link, Session: id, Keepalive: 30 * time.Second, Sent: s.now}
}

func (s *story) keepalive(link int) Keepalive { return Keepalive{Link: link, Sent: s.now} }

func (s *story) notification(link int) Notification { return Notification{Link: link, Sent: s.now} }

func broken(link int, reason string) Closed {
	return Closed{Link: link, Code: CodeNone, Reason: errors.New(reason)}
}

func closed(link, code int) Closed {
	return Closed{Link: link, Code: code, Reason: fmt.Errorf("code %d", code)}
}

// connected returns a story with a welcomed connection 1 that has session A.
func connected(t *testing.T) *story {
	t.Helper()
	s := newStory(t)
	s.then(Want{Needed: true}, "dial 1 base")
	s.then(Opened{Link: 1})
	s.then(s.welcome(1, "A"), "session A fresh=true")
	return s
}
