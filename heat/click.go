package heat

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A Click is one click of a viewer on the picture.
type Click struct {
	ID   string    // of the viewer: a Twitch user ID, or an opaque one, see UserID
	X, Y float64   // from 0, left and top, to 1, right and bottom
	At   time.Time // when it arrived
}

// UserID is the viewer's Twitch user ID, or "" where they have not shared it.
func (c Click) UserID() string {
	if c.ID == "" || strings.Trim(c.ID, "0123456789") != "" {
		return ""
	}
	return c.ID
}

// Anonymous reports whether the viewer is not logged in to Twitch. Then the ID is
// that of a browser and changes.
func (c Click) Anonymous() bool { return strings.HasPrefix(c.ID, "A") }

// errNoClick is the parser's answer to a message that is something else.
var errNoClick = errors.New("not a click")

// parse reads a message of the extension's server that arrived at now. Coordinates
// come as strings or as numbers; one that is missing is 0.
func parse(data []byte, now time.Time) (Click, error) {
	var m struct {
		Type string          `json:"type"`
		ID   json.RawMessage `json:"id"`
		X    json.RawMessage `json:"x"`
		Y    json.RawMessage `json:"y"`
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return Click{}, fmt.Errorf("message: %w", err)
	}
	id := text(m.ID)
	if m.Type != "click" || id == "" {
		return Click{}, errNoClick
	}
	x, err := fraction(m.X)
	if err != nil {
		return Click{}, fmt.Errorf("x: %w", err)
	}
	y, err := fraction(m.Y)
	if err != nil {
		return Click{}, fmt.Errorf("y: %w", err)
	}
	return Click{ID: id, X: x, Y: y, At: now}, nil
}

// text returns a JSON string's contents, or a number as it stands.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

var errRange = errors.New("not between 0 and 1")

func fraction(raw json.RawMessage) (float64, error) {
	if len(raw) == 0 {
		return 0, nil
	}
	f, err := strconv.ParseFloat(text(raw), 64)
	if err != nil || math.IsNaN(f) || f < 0 || f > 1 {
		return 0, errRange
	}
	return f, nil
}
