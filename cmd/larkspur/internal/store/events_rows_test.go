package store

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// Puts of any size take those that are new, wherever duplicates are in the statements.
func TestPutFindsDuplicatesAmongManyRows(t *testing.T) {
	e := reopening(t, EventOptions{})()
	known := map[string]int64{}
	last := int64(0)
	for _, size := range []int{1, 3, 4, 5, 15, 16, 63, 64, 65, 84, 200, 300} {
		var ns []eventsub.Notification
		for i := range size {
			ns = append(ns, anEvent(fmt.Sprint(size/2+i*7%size), 10)) // some of them are known, or occur twice
		}
		numbers, err := e.Put(t.Context(), ns...)
		if err != nil {
			t.Fatal(err)
		}
		for i, number := range numbers {
			id := ns[i].Meta.MessageID
			if _, ok := known[id]; ok != (number == 0) || number != 0 && number <= last {
				t.Errorf("%d rows: %s got number %d after %d, known: %t", size, id, number, last, ok)
			}
			if number != 0 {
				known[id], last = number, number
			}
		}
	}
	entries, err := e.Waiting(t.Context(), 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if id := entry.Notification.Meta.MessageID; known[id] != entry.Number {
			t.Errorf("%s: stored as %d, want %d", id, entry.Number, known[id])
		}
	}
	if len(entries) != len(known) {
		t.Errorf("got %d in the inbox, want %d", len(entries), len(known))
	}
}

// Another process that adds keys to the same file takes no number that this one uses.
func TestTwoWritersOfOneFileUseDifferentNumbers(t *testing.T) {
	one := reopening(t, EventOptions{})()
	two, err := open(t, one.s.path).Events(t.Context(), EventOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var writing sync.WaitGroup
	for i := range 100 {
		writing.Go(func() {
			if numbers, err := one.Put(t.Context(), anEvent(fmt.Sprint("a", i), 10), anEvent(fmt.Sprint("b", i), 10)); err != nil || slices.Contains(numbers, 0) {
				t.Errorf("put: got %v and %v, want two numbers", numbers, err)
			}
		})
		writing.Go(func() {
			if err := two.Add(t.Context(), map[string]string{fmt.Sprint("c", i): "", fmt.Sprint("d", i): ""}); err != nil {
				t.Errorf("add: got %v", err)
			}
		})
	}
	writing.Wait()
	if keys, waiting := count(t, one, "event_keys"), count(t, one, "inbox"); keys != 400 || waiting != 200 {
		t.Errorf("got %d keys and %d in the inbox, want 400 and 200", keys, waiting)
	}
}
