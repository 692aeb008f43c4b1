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

// A Click is one click of a viewer on the video.
type Click struct {
	ID   string    // of the viewer: a Twitch user ID or an opaque ID, see UserID
	X, Y float64   // 0 is left and top, 1 is right and bottom
	At   time.Time // when it arrived
}

// UserID returns the viewer's Twitch user ID, or "" if the viewer has not shared it.
func (c Click) UserID() string {
	if c.ID == "" || strings.Trim(c.ID, "0123456789") != "" {
		return ""
	}
	return c.ID
}

// Anonymous reports whether the viewer is not logged in to Twitch. The ID then belongs to
// a browser session and changes.
func (c Click) Anonymous() bool { return strings.HasPrefix(c.ID, "A") }

// errNoClick is returned by parse for messages that are not clicks.
var errNoClick = errors.New("not a click")

// parse reads a message of the extension's server that arrived at now. Coordinates may be
// strings or numbers; a missing one is 0.
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

// text returns the contents of a JSON string, or the text of a number.
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
