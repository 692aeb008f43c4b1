package cli

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/skill"
)

// A failed action must not look like one that was carried out, and a flood of the same
// failure is one line and a count.
func TestFailedActionsLookLikeProblems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		d := newDisplay(&out, time.Now(), false, false)
		empty := func() { // the display's timers write too
			d.mu.Lock()
			defer d.mu.Unlock()
			out.Reset()
		}
		refused := skill.Report{Skill: "spam", Trigger: "/buy/", User: "mallory", Outcome: skill.Failed, Action: "ban", Detail: "mallory", Err: errors.New("not allowed")}
		for range 3 {
			d.did(refused)
		}
		d.did(skill.Report{Skill: "title", Trigger: "!title", User: "newbie", Outcome: skill.Denied})
		d.did(skill.Report{Skill: "hello", Trigger: "!hello", User: "grace", Outcome: skill.Done, Action: "say", Detail: "Hello"})
		want := "   0.00s  ! ban of mallory failed: not allowed (spam)\n" +
			"   0.00s  ! newbie may not use !title (title)\n" +
			"   0.00s  > say: Hello (hello, because of !hello by grace)\n"
		if got := out.String(); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
		empty()
		time.Sleep(repeatsWithin)
		synctest.Wait()
		if got, want := out.String(), "  60.00s  ! ban of mallory failed: not allowed: 2 more times (spam)\n"; got != want {
			t.Errorf("after a minute: got %q, want %q", got, want)
		}
		empty()
		d.did(refused)
		d.did(refused)
		d.finish()
		if got := out.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "once more") {
			t.Errorf("at the end: got %q, want the problem and its count", got)
		}
	})
}
