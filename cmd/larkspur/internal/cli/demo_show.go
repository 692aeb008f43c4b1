package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/skill"
)

type skillReport = skill.Report

// A show turns the events of the demo into entries. It reads chat as a viewer does, over
// its own connection.
type show struct {
	*display

	mu         sync.Mutex
	firstReply time.Duration  // guarded by mu; from the start of the process, 0: none yet
	actions    map[string]int // guarded by mu; number of successes by action
	failed     int            // guarded by mu
	bot        bool           // guarded by mu
	viewer     bool           // guarded by mu
	ready      chan struct{}  // closed when the bot and the viewer are in chat
}

func (s *show) chat(_ context.Context, m *irc.PrivMsg) error {
	if m.Login == demoBot {
		s.mu.Lock()
		if s.firstReply == 0 {
			s.firstReply = time.Since(s.started)
		}
		s.mu.Unlock()
	}
	s.show(entry{Kind: "chat", Who: m.DisplayName, Text: m.Text})
	return nil
}

func (s *show) did(r skillReport) {
	s.mu.Lock()
	if r.Err != nil && r.Outcome != skill.Dropped {
		s.failed++
	} else if r.Outcome == skill.Done {
		if s.actions == nil {
			s.actions = map[string]int{}
		}
		s.actions[r.Action]++
	}
	s.mu.Unlock()
	s.display.did(r)
}

func (s *show) deed(text string) {
	if !s.json {
		return // the next event reports the same
	}
	s.show(entry{Kind: "crowd", Text: text})
}

func (s *show) botReady() { s.arrived(&s.bot) }

func (s *show) viewerState(st irc.State) {
	if st.Kind == irc.Joined {
		s.arrived(&s.viewer)
	}
}

// arrived notes that the bot or the viewer is in chat. When both are, the crowd starts.
func (s *show) arrived(who *bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.bot && s.viewer
	*who = true
	if !before && s.bot && s.viewer {
		close(s.ready)
	}
}

// A summary is the last entry of the demo.
type summary struct {
	Kind         string         `json:"kind"` // "summary"
	Seconds      float64        `json:"seconds"`
	FirstReplyMS int64          `json:"first_reply_ms"` // from the start of the process; 0: none
	Chat         int            `json:"chat"`
	Events       int            `json:"events"`
	Actions      map[string]int `json:"actions"`
	Failed       int            `json:"failed"`
}

// summary prints the summary. It returns an error if the bot wrote nothing.
func (s *show) summary() error {
	s.mu.Lock()
	end := summary{
		Kind: "summary", Seconds: time.Since(s.started).Seconds(), FirstReplyMS: s.firstReply.Milliseconds(),
		Chat: s.count("chat"), Events: s.count("event"), Actions: s.actions, Failed: s.failed,
	}
	s.mu.Unlock()
	if s.json {
		s.object(end)
	} else {
		s.show(entry{Kind: "note", Text: end.String()})
	}
	if end.FirstReplyMS == 0 {
		return errSilentBot
	}
	return nil
}

func (e summary) String() string {
	var done []string
	for action, n := range e.Actions {
		done = append(done, fmt.Sprintf("%d × %s", n, action))
	}
	slices.Sort(done)
	return fmt.Sprintf("%.1f s: %d lines of chat and %d events seen; the bot did %s, %d failed; first reply %d ms after the process started",
		e.Seconds, e.Chat, e.Events, strings.Join(done, ", "), e.Failed, e.FirstReplyMS)
}

// summarize returns the most informative fields of an event.
func summarize(event json.RawMessage) string {
	var fields map[string]any
	if json.Unmarshal(event, &fields) != nil {
		return ""
	}
	var parts []string
	for _, key := range []string{"user_name", "from_broadcaster_user_name", "viewers", "total", "tier", "bits", "title", "type"} {
		if value, ok := fields[key]; ok && value != nil && value != "" {
			parts = append(parts, fmt.Sprintf("%s=%v", key, value))
		}
	}
	return strings.Join(parts, " ")
}
