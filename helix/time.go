package helix

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// A Time is a time that Twitch may leave out: it reads RFC 3339, "", null and,
// because Twitch has been seen to send them, seconds since 1970 (0 is no time).
// IsZero tells whether there is one. The zero Time is written as null.
type Time struct{ time.Time }

// UnmarshalJSON reads any of the forms that Twitch uses.
func (t *Time) UnmarshalJSON(data []byte) error {
	text := string(bytes.Trim(data, `"`))
	if text == "" || text == "null" || text == "0" {
		*t = Time{}
		return nil
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		*t = Time{time.Unix(seconds, 0).UTC()}
		return nil
	}
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return fmt.Errorf("time: %w", err)
	}
	*t = Time{parsed}
	return nil
}

// MarshalJSON writes RFC 3339, or null.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return t.Time.MarshalJSON()
}

// An Int is a number that Twitch has been seen to send as a string as well.
type Int int64

// UnmarshalJSON reads a number, a string that holds one, "" and null.
func (i *Int) UnmarshalJSON(data []byte) error {
	text := string(bytes.Trim(data, `"`))
	if text == "" || text == "null" {
		*i = 0
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fmt.Errorf("number: %w", err)
	}
	*i = Int(n)
	return nil
}

// An ID is an id that Twitch has been seen to send as a number as well.
type ID string

// UnmarshalJSON reads a string, a number and null.
func (id *ID) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		*id = ID(s)
		return nil
	}
	if string(data) == "null" {
		*id = ""
		return nil
	}
	if _, err := strconv.ParseInt(string(data), 10, 64); err != nil {
		return fmt.Errorf("id: %w", err)
	}
	*id = ID(data)
	return nil
}
