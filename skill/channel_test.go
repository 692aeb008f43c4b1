package skill_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/skill"
)

// A counting host counts the look-ups of the channel; each takes half a second.
type counting struct {
	*limited

	lookups, running, most int // guarded by fakeHost.mu
}

func (h *counting) Channel(context.Context) (skill.ChannelInfo, error) {
	h.mu.Lock()
	h.lookups++
	h.running++
	h.most = max(h.most, h.running)
	h.mu.Unlock()
	time.Sleep(500 * time.Millisecond)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.running--
	return h.channel, h.fail["channel"]
}

// counts returns how many look-ups there were, and how many at once.
func (h *counting) counts() (lookups, most int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.lookups, h.most
}

func (h *counting) retitle(title string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.channel.Title = title
}

// counted runs a test with a parallel executor and a counting host.
func counted(t *testing.T, yaml string, test func(t *testing.T, e *skill.Engine, h *counting)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		set, err := skill.Parse("l.yaml", []byte(yaml), skill.LoadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		h := &counting{limited: &limited{fakeHost: &fakeHost{channel: skill.ChannelInfo{Title: "Chess", Live: true}, fail: map[string]error{}}}}
		e := skill.NewEngine(set, skill.EngineOptions{Host: h, Executor: submit(func(s *skill.Step) { go s.Run(t.Context()) })})
		test(t, e, h)
		synctest.Wait()
	})
}

const liveSpam = `skills: {spam: {match: {regex: .}, when: "channel.live and 'buy' in event.text", do: [ban]}, other: {match: {regex: .}, when: channel.viewers > 9, do: [ban]}}`

// Each message of a flood cost a look-up for each condition.
func TestMessagesAndSkillsShareOneLookupOfTheChannel(t *testing.T) {
	counted(t, liveSpam, func(t *testing.T, e *skill.Engine, h *counting) {
		for range 1000 {
			send(t, e, "hello")
			time.Sleep(10 * time.Millisecond)
		}
		if lookups, most := h.counts(); lookups > 2 || most > 1 {
			t.Errorf("got %d look-ups in 10 s, %d at once, want at most 2, one at a time", lookups, most)
		}
	})
}

// Failures must not become a look-up for each message either, and end by themselves.
func TestFailedLookupOfTheChannelIsNotRepeatedForEachMessage(t *testing.T) {
	counted(t, liveSpam, func(t *testing.T, e *skill.Engine, h *counting) {
		h.fail["channel"] = errors.New("Twitch is down") // before the first message
		for range 300 {
			send(t, e, "hello")
			time.Sleep(10 * time.Millisecond)
		}
		if lookups, most := h.counts(); lookups > 3 || most > 1 {
			t.Errorf("got %d look-ups in 3 s, %d at once, want at most 3, one at a time", lookups, most)
		}
		h.mu.Lock()
		delete(h.fail, "channel")
		h.mu.Unlock()
		time.Sleep(2 * time.Second)
		send(t, e, "buy followers")
		time.Sleep(time.Second)
		synctest.Wait()
		if h.banned.IsZero() {
			t.Error("the advert was not banned after look-ups worked again")
		}
	})
}

func TestConditionDecidedByTheMessageDoesNotLookUpTheChannel(t *testing.T) {
	const yaml = `skills: {spam: {match: {regex: .}, when: "'buy' in event.text and channel.live", do: [ban]}}`
	counted(t, yaml, func(t *testing.T, e *skill.Engine, h *counting) {
		send(t, e, "hello", "good evening")
		time.Sleep(time.Second)
		if lookups, _ := h.counts(); lookups != 0 {
			t.Errorf("got %d look-ups, want none for messages without the word", lookups)
		}
		send(t, e, "buy followers")
		time.Sleep(time.Second)
		synctest.Wait()
		if lookups, _ := h.counts(); lookups != 1 || h.banned.IsZero() {
			t.Errorf("got %d look-ups and a ban at %v, want one of each", lookups, h.banned)
		}
	})
}

// A title that was just changed, or a stream that just started, is seen at once.
func TestChangedChannelIsLookedUpAgain(t *testing.T) {
	const yaml = `skills: {about: {match: {command: '!about'}, do: [say: '{channel.title}']}, set: {match: {command: '!title {t...}'}, do: [title: '{t}']}}`
	counted(t, yaml, func(t *testing.T, e *skill.Engine, h *counting) {
		ask := func() {
			send(t, e, "!about")
			time.Sleep(2100 * time.Millisecond)
		}
		ask()
		h.retitle("Go")
		ask() // from the cache
		send(t, e, "!title Go")
		synctest.Wait()
		ask()
		h.retitle("Shogi")
		(&fixture{Engine: e}).event(t, "channel.update", "2", `{}`)
		ask()
		want := []string{"say Chess", "say Chess", "title Go", "say Go", "say Shogi"}
		if got := h.did(); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// A reaction that gives up must not take along those that wait for its look-up.
func TestLookupThatIsGivenUpIsRepeatedForOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set, err := skill.Parse("l.yaml", []byte(liveSpam), skill.LoadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		h := &patient{limited: &limited{fakeHost: &fakeHost{channel: skill.ChannelInfo{Live: true}}}}
		var steps []*skill.Step
		e := skill.NewEngine(set, skill.EngineOptions{Host: h, Executor: submit(func(s *skill.Step) { steps = append(steps, s) })})
		send(t, e, "buy followers")
		first, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		go steps[1].Run(first)
		synctest.Wait()
		go steps[0].Run(t.Context())
		time.Sleep(4 * time.Second) // two for each look-up, of which the first ends after one
		synctest.Wait()
		if len(steps) != 3 {
			t.Errorf("got %d steps, want the ban of the skill that did not give up", len(steps))
		}
	})
}

// A patient host takes two seconds to look up the channel, unless the caller gives up.
type patient struct{ *limited }

func (h *patient) Channel(ctx context.Context) (skill.ChannelInfo, error) {
	select {
	case <-time.After(2 * time.Second):
		return h.channel, nil
	case <-ctx.Done():
		return skill.ChannelInfo{}, context.Cause(ctx)
	}
}
