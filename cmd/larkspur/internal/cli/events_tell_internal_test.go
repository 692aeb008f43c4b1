package cli

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A problem is told, and so is its end; a state without a problem before it is not.
func TestFollowerTellsTheEndOfAProblem(t *testing.T) {
	lost := errors.New("EOF")
	for _, c := range []struct {
		name    string
		refused bool // a subscription was refused at first
		phases  []eventsub.Phase
		want    []string
	}{
		{"all well", false, []eventsub.Phase{eventsub.Connecting, eventsub.Connected, eventsub.Subscribed, eventsub.Subscribed}, nil},
		{"lost", false, []eventsub.Phase{eventsub.Waiting, eventsub.Connecting, eventsub.Subscribed, eventsub.Subscribed}, []string{"! waiting", "subscribed"}},
		{"lost and not whole again", false, []eventsub.Phase{eventsub.Waiting, eventsub.Incomplete, eventsub.Incomplete}, []string{"! waiting", "incomplete"}},
		{"refused and later not", true, []eventsub.Phase{eventsub.Incomplete, eventsub.Subscribed, eventsub.Subscribed}, []string{"subscribed"}},
	} {
		var out bytes.Buffer
		w := &follower{notes: newDisplay(&out, time.Now(), false, false), incomplete: c.refused}
		for _, phase := range c.phases {
			var err error
			if phase == eventsub.Waiting {
				err = lost
			}
			w.state(phase, string(phase), err)
		}
		var got []string
		for line := range strings.Lines(out.String()) {
			_, text, _ := strings.Cut(strings.TrimSpace(line), "  ")
			got = append(got, text)
		}
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
