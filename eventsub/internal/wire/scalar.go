package wire

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// The functions in this file read one scalar each, from any JSON type in which its
// meaning is clear. They return false if it is not clear. Null is the zero value.

// text reads a string. A number or boolean is taken as it is written.
func text(raw []byte) (string, bool) {
	if len(raw) == 0 {
		return "", false
	}
	switch raw[0] {
	case '"':
		return unquote(raw)
	case '{', '[':
		return "", false
	}
	if string(raw) == "null" {
		return "", true
	}
	if !json.Valid(raw) {
		return "", false
	}
	return string(raw), true
}

// unquote decodes the text between quotes.
func unquote(raw []byte) (string, bool) {
	inside := raw[1 : len(raw)-1]
	if bytes.IndexByte(inside, '\\') < 0 {
		if !utf8.Valid(inside) {
			return string([]rune(string(inside))), true // U+FFFD for each wrong byte
		}
		return string(inside), true
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err == nil
}

// bare returns a scalar without its quotes, if it has any. It returns an empty result
// for null, "", objects and arrays; ok is false for the last two.
func bare(raw []byte) (inside []byte, ok bool) {
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' {
		return nil, false
	}
	if raw[0] == '"' {
		return bytes.TrimSpace(raw[1 : len(raw)-1]), true
	}
	if string(raw) == "null" {
		return nil, true
	}
	return raw, true
}

// integer reads a whole number.
func integer(raw []byte) (int64, bool) {
	inside, ok := bare(raw)
	if !ok || len(inside) == 0 {
		return 0, ok
	}
	if len(inside) < 18 { // cannot overflow
		n, i := int64(0), 0
		if inside[0] == '-' {
			i = 1
		}
		start := i
		for ; i < len(inside) && inside[i] >= '0' && inside[i] <= '9'; i++ {
			n = n*10 + int64(inside[i]-'0')
		}
		if i == len(inside) && i > start {
			if inside[0] == '-' {
				n = -n
			}
			return n, true
		}
	}
	if n, err := strconv.ParseInt(string(inside), 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(string(inside), 64) // 30.0, 1e3
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}

func float(raw []byte) (float64, bool) {
	inside, ok := bare(raw)
	if !ok || len(inside) == 0 {
		return 0, ok
	}
	f, err := strconv.ParseFloat(string(inside), 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}

func boolean(raw []byte) (value, ok bool) {
	inside, ok := bare(raw)
	if !ok || len(inside) == 0 {
		return false, ok
	}
	switch string(inside) {
	case "true", "True", "TRUE", "1":
		return true, true
	case "false", "False", "FALSE", "0":
		return false, true
	}
	return false, false
}

// moment reads a time: RFC 3339, or seconds since 1970. "" and 0 are the zero
// time.
func moment(raw []byte) (time.Time, bool) {
	inside, ok := bare(raw)
	if !ok || len(inside) == 0 {
		return time.Time{}, ok
	}
	var at time.Time
	if at.UnmarshalText(inside) == nil {
		return at, true
	}
	if seconds, ok := integer(inside); ok && seconds >= 0 && seconds < 1<<36 {
		if seconds == 0 {
			return time.Time{}, true
		}
		return time.Unix(seconds, 0).UTC(), true
	}
	at, err := time.Parse(time.RFC3339Nano, string(inside)) // forms that UnmarshalText refuses, such as hours of one digit
	if err != nil {
		return time.Time{}, false
	}
	return at, true
}

// jsonType names the JSON type of a value.
func jsonType(raw []byte) string {
	if len(raw) == 0 {
		return "nothing"
	}
	switch raw[0] {
	case '"':
		return "string"
	case '{':
		return "object"
	case '[':
		return "array"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return "number"
}
