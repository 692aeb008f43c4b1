package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The component greets raids, and reminds while viewers write.
func TestTips(t *testing.T) {
	inCafe(t, func(s *scene) {
		s.wants(func() { s.tw.Raid("linus", "ada", 12) }, "robin: Welcome, 12 guests of Linus!")
		s.wants(func() { time.Sleep(21 * time.Minute) }) // viewers have written too little
		for range 5 {
			s.tw.Say("ada", "grace", "nice stream")
		}
		s.wants(func() { time.Sleep(19 * time.Minute) }, "robin: The jar has 0 tips. Who adds one?")
		s.wants(func() { s.tw.Say("ada", "grace", "me") }, "grace: me", "robin: Thank you, Grace!")
		s.wants(func() { s.tw.Say("ada", "grace", "!tip") }, "grace: !tip", "robin: tips: 2")
	})
}

// wants is does with what has to be written.
func (s *scene) wants(what func(), lines ...string) {
	s.t.Helper()
	if diff := cmp.Diff(lines, s.does(what)); diff != "" {
		s.t.Errorf("chat (-want +got):\n%s; log: %s", diff, s.logged())
	}
}
