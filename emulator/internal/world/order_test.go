package world_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func TestOrderIsSortStableFunc(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type pair struct{ Key, Place int }
		got := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) pair { return pair{Key: rapid.IntRange(0, 5).Draw(t, "key")} }), 0, 50).Draw(t, "all")
		for i := range got {
			got[i].Place = i
		}
		want := slices.Clone(got)
		slices.SortStableFunc(want, func(a, b pair) int { return cmp.Compare(a.Key, b.Key) })
		world.Order(got, func(a, b *pair) int { return cmp.Compare(a.Key, b.Key) })
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func BenchmarkOrder(b *testing.B) {
	users := make([]world.User, 10_000)
	for i := range users {
		users[i].Login = fmt.Sprint((i * 7919) % len(users))
	}
	b.Run("Order", func(b *testing.B) {
		for b.Loop() {
			world.Order(slices.Clone(users), func(a, b *world.User) int { return cmp.Compare(a.Login, b.Login) })
		}
	})
	b.Run("SortFunc", func(b *testing.B) {
		for b.Loop() {
			slices.SortFunc(slices.Clone(users), func(a, b world.User) int { return cmp.Compare(a.Login, b.Login) })
		}
	})
}
