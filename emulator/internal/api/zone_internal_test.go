package api

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func TestMachineWithoutTimeZonesSaysSo(t *testing.T) {
	with := func(name string) (*time.Location, error) {
		switch name {
		case "Europe/London", "UTC", "Local":
			return time.FixedZone(name, 0), nil
		}
		return nil, errors.New("unknown time zone " + name)
	}
	without := func(name string) (*time.Location, error) {
		if name == "UTC" {
			return time.UTC, nil
		}
		return nil, errors.New("unknown time zone " + name)
	}
	for _, row := range []struct {
		about, zone string
		load        func(string) (*time.Location, error)
		status      int // 0: found
	}{
		{"known", "Europe/London", with, 0},
		{"unknown", "Mars/Olympus", with, http.StatusBadRequest},
		{"of the machine, which says nothing", "Local", with, http.StatusBadRequest},
		{"no database", "Europe/Berlin", without, http.StatusNotImplemented},
		{"no database, and none needed", "UTC", without, 0},
	} {
		zone, err := findZone("timezone", row.zone, row.load)
		status := 0
		if refused, ok := errors.AsType[*world.Error](err); ok {
			status = refused.Status
		}
		if status != row.status || (zone == nil) != (row.status != 0) {
			t.Errorf("%s: got %v, %v, want status %d", row.about, zone, err, row.status)
		}
	}
}
