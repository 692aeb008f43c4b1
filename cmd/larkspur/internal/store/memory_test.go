package store_test

import (
	"errors"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/store"
	"github.com/larkspur-dev/larkspur/skill"
)

func openMemory(t *testing.T, path string) (*store.Store, *store.Memory) {
	t.Helper()
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return s, s.Memory()
}

// What skills remember survives, values that are false or 0 too, and ends when it expires.
func TestMemorySurvives(t *testing.T) {
	path := filepath.Join(t.TempDir(), "larkspur.db")
	s, m := openMemory(t, path)
	keys := []skill.Key{
		{Channel: "1", Scope: "channel", Name: "a"}, {Channel: "1", Scope: "skill/s", Name: "a"}, {Channel: "2", Scope: "channel", Name: "a"},
	}
	for i, k := range keys {
		value := []string{"0", "false", `""`}[i]
		if err := m.Update(t.Context(), k, func(old skill.Memo) (skill.Memo, error) {
			if old != (skill.Memo{}) {
				t.Errorf("%v: got %v, want nothing", k, old)
			}
			return skill.Memo{Value: value}, nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	soon := skill.Key{Channel: "1", Scope: "channel", Name: "soon"}
	if err := m.Update(t.Context(), soon, func(skill.Memo) (skill.Memo, error) {
		return skill.Memo{Value: "1", Expires: time.Now().Add(-time.Second)}, nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, m = openMemory(t, path)
	defer s.Close()
	var got []string
	for r, err := range m.All(t.Context(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r.Key.Channel+" "+r.Key.Scope+" "+r.Key.Name+" = "+r.Memo.Value)
	}
	want := []string{"1 channel a = 0", "1 skill/s a = false", `2 channel a = ""`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if memo, err := m.Get(t.Context(), soon); err != nil || memo.Value != "" {
		t.Errorf("got %v, %v, want it expired", memo, err)
	}
	if err := m.Update(t.Context(), keys[0], func(skill.Memo) (skill.Memo, error) { return skill.Memo{}, nil }); err != nil {
		t.Fatal(err)
	}
	if memo, err := m.Get(t.Context(), keys[0]); err != nil || memo.Value != "" {
		t.Errorf("got %v, %v, want nothing", memo, err)
	}
	refuse := errors.New("no")
	if err := m.Update(t.Context(), keys[1], func(skill.Memo) (skill.Memo, error) { return skill.Memo{Value: "1"}, refuse }); !errors.Is(err, refuse) {
		t.Errorf("got %v, want the error of the function", err)
	}
	if memo, _ := m.Get(t.Context(), keys[1]); memo.Value != "false" {
		t.Errorf("got %v, want it unchanged", memo)
	}
}

// Changes of one key from several goroutines are all counted.
func TestMemoryCounts(t *testing.T) {
	s, m := openMemory(t, filepath.Join(t.TempDir(), "larkspur.db"))
	defer s.Close()
	k := skill.Key{Scope: "skill/s", Name: "n"}
	var g sync.WaitGroup
	for range 4 {
		g.Go(func() {
			for range 25 {
				if err := m.Update(t.Context(), k, func(old skill.Memo) (skill.Memo, error) {
					n, _ := strconv.Atoi(old.Value)
					return skill.Memo{Value: strconv.Itoa(n + 1)}, nil
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	g.Wait()
	if memo, err := m.Get(t.Context(), k); err != nil || memo.Value != "100" {
		t.Errorf("got %v, %v, want 100", memo, err)
	}
}

// BenchmarkMemoryIncrement is a counter that a chat command increments.
func BenchmarkMemoryIncrement(b *testing.B) {
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "larkspur.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	m, k := s.Memory(), skill.Key{Channel: "1", Scope: "skill/s", Name: "n"}
	for b.Loop() {
		if err := m.Update(b.Context(), k, func(old skill.Memo) (skill.Memo, error) {
			n, _ := strconv.Atoi(old.Value)
			return skill.Memo{Value: strconv.Itoa(n + 1)}, nil
		}); err != nil {
			b.Fatal(err)
		}
	}
}
