// Package storetest tests implementations of the stores that package eventsub uses.
//
// Start with
//
//	func TestInbox(t *testing.T) {
//		path := filepath.Join(t.TempDir(), "events")
//		storetest.TestInbox(t, func() eventsub.Inbox { return mystore.Open(t, path) })
//	}
//
// Each function calls open several times, to open the same store again as the next run
// of a program does; open may close the store that it returned before.
package storetest

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// note returns a notification with every field set that an inbox has to keep.
func note(id string) eventsub.Notification {
	n := eventsub.Notification{
		Type:  eventsub.Type{Name: "channel.follow", Version: "2"},
		Event: []byte(`{ "user_name": "Ada \u003c3 ` + id + `" }`),
		Meta: eventsub.Meta{
			MessageID: id, Timestamp: time.Date(2026, 5, 6, 7, 8, 9, 123456789, time.UTC), Retry: 2, Late: true,
			Recovered: true, Source: "Get Channel Followers",
			Subscription: eventsub.Subscription{
				ID: "s1", Status: "enabled", Type: "channel.follow", Version: "2", Cost: 1,
				Condition: map[string]string{"broadcaster_user_id": "1001", "moderator_user_id": "1002"},
				CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 678, time.UTC),
			},
		},
	}
	n.Meta.Subscription.Transport.Method = "webhook"
	n.Meta.Subscription.Transport.Callback = "https://example.com/eventsub"
	return n
}

// TestInbox tests an empty inbox.
func TestInbox(t *testing.T, open func() eventsub.Inbox) {
	ctx := t.Context()
	b := open()
	put := func(ids ...string) []int64 {
		t.Helper()
		ns := make([]eventsub.Notification, len(ids))
		for i, id := range ids {
			ns[i] = note(id)
		}
		numbers, err := b.Put(ctx, ns...)
		if err != nil || len(numbers) != len(ids) {
			t.Fatalf("Put(%v): got %v and %v", ids, numbers, err)
		}
		return numbers
	}
	waiting := func(after int64, limit int) []eventsub.InboxEntry {
		t.Helper()
		list, err := b.Waiting(ctx, after, limit)
		if err != nil {
			t.Fatalf("Waiting(%d, %d): got %v", after, limit, err)
		}
		return list
	}
	want := func(when string, after int64, limit int, ids ...string) {
		t.Helper()
		var got []string
		for _, e := range waiting(after, limit) {
			got = append(got, e.Notification.Meta.MessageID)
		}
		if !slices.Equal(got, ids) {
			t.Errorf("%s: Waiting(%d, %d): got %v, want %v", when, after, limit, got, ids)
		}
	}

	want("empty", 0, 10)
	one := put("a", "b", "a", "c")
	if one[0] < 1 || one[1] <= one[0] || one[2] != 0 || one[3] <= one[1] {
		t.Errorf("numbers of a, b, a, c: got %v, want 0 for the second a, else increasing ones", one)
	}
	if again := put("b"); again[0] != 0 {
		t.Errorf("number of a stored notification: got %d, want 0", again[0])
	}
	want("three", 0, 10, "a", "b", "c")
	want("a page", one[0], 1, "b")
	if got := waiting(0, 1)[0]; got.Number != one[0] || !reflect.DeepEqual(got.Notification, note("a")) {
		t.Errorf("got %+v, want %+v", got, note("a"))
	}
	if err := b.Done(ctx, one[1], 1<<40); err != nil {
		t.Errorf("Done: got %v, want none", err)
	}
	want("one done", 0, 10, "a", "c")

	b = open()
	want("after reopening", 0, 10, "a", "c")
	if again := put("a", "b", "d"); again[0] != 0 || again[1] != 0 || again[2] <= one[3] {
		t.Errorf("numbers of a, b, d after reopening: got %v, want 0, 0 and a number after %d", again, one[3])
	}
	for _, e := range waiting(0, 10) {
		if err := b.Done(ctx, e.Number); err != nil {
			t.Errorf("Done: got %v, want none", err)
		}
	}
	b = open()
	want("all done", 0, 10)
	if next := put("e"); next[0] <= one[3]+1 {
		t.Errorf("number after all were done: got %d, want one never used", next[0])
	}
	if err := b.Done(ctx, waiting(0, 1)[0].Number); err != nil {
		t.Errorf("Done: got %v, want none", err)
	}
	putAtOnce(t, b)
}

// putAtOnce stores from many goroutines.
func putAtOnce(t *testing.T, b eventsub.Inbox) {
	t.Helper()
	const callers, each = 16, 20
	var calls sync.WaitGroup
	var mu sync.Mutex
	seen := map[int64]bool{}
	for i := range callers {
		calls.Go(func() {
			last := int64(0)
			for j := range each {
				numbers, err := b.Put(t.Context(), note(fmt.Sprintf("%d %d", i, j)), note("shared "+fmt.Sprint(j)))
				if err != nil {
					t.Errorf("Put: got %v, want none", err)
					return
				}
				mu.Lock()
				for _, number := range numbers {
					if number != 0 && (seen[number] || number <= last) {
						t.Errorf("number %d of one caller comes after %d, or was used before", number, last)
					}
					if number != 0 {
						seen[number], last = true, number
					}
				}
				mu.Unlock()
			}
		})
	}
	calls.Wait()
	list, err := b.Waiting(t.Context(), 0, 2*callers*each)
	if want := callers*each + each; err != nil || len(list) != want || len(seen) != want {
		t.Errorf("got %d notifications and %d numbers (%v), want %d", len(list), len(seen), err, want)
	}
	if !slices.IsSortedFunc(list, func(a, b eventsub.InboxEntry) int { return int(a.Number - b.Number) }) {
		t.Error("the notifications are not in order of their numbers")
	}
	for _, e := range list {
		if err := b.Done(t.Context(), e.Number); err != nil {
			t.Errorf("Done: got %v, want none", err)
		}
	}
}

// TestFullInbox tests an empty inbox that has room for most notifications of little size.
func TestFullInbox(t *testing.T, b eventsub.Inbox, most int) {
	for i := range most - 1 {
		if _, err := b.Put(t.Context(), note(fmt.Sprint(i))); err != nil {
			t.Fatalf("Put %d of %d: got %v, want none", i+1, most, err)
		}
	}
	if numbers, err := b.Put(t.Context(), note("x"), note("y")); !errors.Is(err, eventsub.ErrInboxFull) {
		t.Errorf("two for one place: got %v and %v, want %v", numbers, err, eventsub.ErrInboxFull)
	}
	numbers, err := b.Put(t.Context(), note("x"))
	if err != nil || numbers[0] == 0 {
		t.Errorf("after the refusal: got %v and %v, want a number", numbers, err)
	}
	if err := b.Done(t.Context(), numbers...); err != nil {
		t.Errorf("Done: got %v, want none", err)
	}
	if numbers, err := b.Put(t.Context(), note("y")); err != nil || numbers[0] == 0 {
		t.Errorf("after one was done: got %v and %v, want a number", numbers, err)
	}
}

// TestSeenStore tests an empty store.
func TestSeenStore(t *testing.T, open func() eventsub.SeenStore) {
	ctx := t.Context()
	s := open()
	want := func(when string, wanted map[string]string, keys ...string) {
		t.Helper()
		got, err := s.Seen(ctx, keys...)
		if err != nil || len(got) != len(wanted) || len(got) > 0 && !maps.Equal(got, wanted) {
			t.Errorf("%s: Seen(%q): got %q and %v, want %q", when, keys, got, err, wanted)
		}
	}
	long := "fact " + strings.Repeat("a title ", 1000)
	want("empty", nil, "a", "b")
	if err := s.Add(ctx, map[string]string{"a": "1", long: "", "ключ \x00": "значение"}); err != nil {
		t.Fatalf("Add: got %v, want none", err)
	}
	want("added", map[string]string{"a": "1", long: ""}, "a", "b", long)
	if err := s.Add(ctx, map[string]string{"a": "2", "b": "3"}); err != nil {
		t.Fatalf("Add: got %v, want none", err)
	}
	s = open()
	want("after reopening", map[string]string{"a": "2", "b": "3", "ключ \x00": "значение"}, "a", "b", "c", "ключ \x00")
	if err := s.Add(ctx, nil); err != nil {
		t.Errorf("Add of nothing: got %v, want none", err)
	}
}

// TestWatermarkStore tests an empty store.
func TestWatermarkStore(t *testing.T, open func() eventsub.WatermarkStore) {
	ctx := t.Context()
	s := open()
	want := func(when string, wanted map[string]eventsub.Watermark) {
		t.Helper()
		got, err := s.Watermarks(ctx)
		same := err == nil && len(got) == len(wanted)
		for key, w := range wanted {
			same = same && got[key].At.Equal(w.At) && string(got[key].State) == string(w.State)
		}
		if !same {
			t.Errorf("%s: got %v and %v, want %v", when, got, err, wanted)
		}
	}
	set := func(marks map[string]eventsub.Watermark) {
		t.Helper()
		if err := s.SetWatermarks(ctx, marks); err != nil {
			t.Fatalf("SetWatermarks: got %v, want none", err)
		}
	}
	at := time.Date(2026, 5, 6, 7, 8, 9, 123456789, time.UTC)
	a, b := eventsub.Watermark{At: at, State: []byte{0, 255}}, eventsub.Watermark{At: at.Add(time.Nanosecond)}
	want("empty", nil)
	set(map[string]eventsub.Watermark{"a": a, "b": b})
	want("set", map[string]eventsub.Watermark{"a": a, "b": b})
	set(map[string]eventsub.Watermark{"a": b, "c": {}})
	s = open()
	want("after reopening", map[string]eventsub.Watermark{"a": b, "b": b})
	set(map[string]eventsub.Watermark{"a": {}})
	want("removed", map[string]eventsub.Watermark{"b": b})
}
