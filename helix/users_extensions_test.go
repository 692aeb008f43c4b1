package helix

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Only components have a place, and an empty slot has nothing.
func TestActiveExtensionsBecomeParams(t *testing.T) {
	active := &ActiveExtensions{
		Panel:     map[string]ActiveExtension{"1": {Active: true, ID: "p", Version: "1.0", Name: "Panel"}, "2": {}},
		Component: map[string]ActiveExtension{"1": {Active: true, ID: "c", Version: "2.0", X: 0, Y: 9}},
	}
	want := UpdateUserExtensionsParams{
		Panel:     map[string]ExtensionSlot{"1": {Active: true, ID: "p", Version: "1.0"}, "2": {}},
		Component: map[string]ExtensionSlot{"1": {Active: true, ID: "c", Version: "2.0", X: new(0), Y: new(9)}},
	}
	if diff := cmp.Diff(want, active.UpdateParams()); diff != "" {
		t.Error(diff)
	}
}
