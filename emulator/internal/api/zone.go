package api

import (
	"net/http"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// zone reads a parameter that names a time zone; nil if it is not there.
func (c *call) zone(name string) (*time.Location, error) {
	v := c.get(name)
	if v == "" {
		return nil, nil
	}
	return findZone(name, v, time.LoadLocation)
}

// findZone looks a zone up in the machine's database. Containers without one and
// Windows know no zone but UTC; carrying a database along would cost 450 kB, so the
// answer says what to do.
func findZone(param, name string, load func(string) (*time.Location, error)) (*time.Location, error) {
	zone, err := load(name)
	if err == nil && name != "Local" {
		return zone, nil
	}
	if _, err := load("Europe/London"); err != nil {
		return nil, &world.Error{
			Status:  http.StatusNotImplemented,
			Message: "the emulator's machine has no time zone database: use UTC, install tzdata, or set ZONEINFO to a copy of Go's lib/time/zoneinfo.zip",
		}
	}
	return nil, malformed(param, "the value must be a time zone of the IANA database")
}
