package eventsub

import (
	"testing"
	"time"
)

// Two subscriptions that disappeared at the same time have two gaps, which Dedup took for
// one.
func TestGapsOfTheSameTimeAreNotDuplicates(t *testing.T) {
	g := Gap{From: time.Unix(1, 0), To: time.Unix(2, 0), Session: "a", Lost: []Type{ChannelFollow{}.Type()}}
	other := g
	other.Lost = []Type{ChannelUpdate{}.Type()}
	if g.SemanticKey() == other.SemanticKey() {
		t.Errorf("both have the key %q", g.SemanticKey())
	}
	if same := g; same.SemanticKey() != g.SemanticKey() {
		t.Error("a copy has another key")
	}
}
