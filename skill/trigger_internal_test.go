package skill

import (
	"slices"
	"testing"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

func TestDefaultVersionOfAnEvent(t *testing.T) {
	info := func(version string, status helix.Status) eventsub.Info {
		return eventsub.Info{Type: eventsub.Type{Name: "x", Version: version}, Status: status}
	}
	for _, row := range []struct {
		about string
		types []eventsub.Info
		want  string
	}{
		{"the larger number", []eventsub.Info{info("2", helix.Stable), info("10", helix.Stable), info("9", helix.Stable)}, "10"},
		{"a number before beta", []eventsub.Info{info("beta", helix.Beta), info("1", helix.Stable)}, "1"},
		{"beta, where there is nothing else", []eventsub.Info{info("beta", helix.Beta)}, "beta"},
		{"not the deprecated", []eventsub.Info{info("1", helix.Stable), info("2", helix.Deprecated)}, "1"},
		{"not the deprecated, nor if it is beta", []eventsub.Info{info("2", helix.Deprecated), info("beta", helix.Beta)}, "beta"},
		{"the newest deprecated, where all are", []eventsub.Info{info("1", helix.Deprecated), info("2", helix.Deprecated)}, "2"},
	} {
		for _, types := range [][]eventsub.Info{row.types, reversed(row.types)} {
			if got, ok := (catalog{types}).find("x"); !ok || got.Type.Version != row.want {
				t.Errorf("%s: got version %q, want %q", row.about, got.Type.Version, row.want)
			}
		}
		if got, ok := (catalog{row.types}).find("x@" + row.types[0].Type.Version); !ok || got.Type != row.types[0].Type {
			t.Errorf("%s: got %v for a version that is asked for, want %v", row.about, got.Type, row.types[0].Type)
		}
	}
}

func reversed[T any](list []T) []T {
	out := slices.Clone(list)
	slices.Reverse(out)
	return out
}

func TestAliasOfAnUnknownEvent(t *testing.T) {
	if ts, wrong := (catalog{}).triggers("UserFollowed"); ts != nil || wrong != "unknown Twitch event channel.follow" {
		t.Errorf("got %v, %q, want a problem", ts, wrong)
	}
}
