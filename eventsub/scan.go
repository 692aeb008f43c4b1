package eventsub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// An envelope is small, its shape is fixed, and the event inside is decoded on its
// own later. Walking over it without reflection takes a fraction of the time that
// encoding/json needs, which would look at the event twice.

var errSyntax = errors.New("malformed JSON")

// members calls visit for each member of the object raw, with the key as it is
// between its quotes and the value as it stands. Null has no members. Values are
// only checked as far as is needed to find their ends.
func members(raw []byte, visit func(key, value []byte) error) error {
	i := space(raw, 0)
	if bytes.HasPrefix(raw[i:], []byte("null")) && space(raw, i+4) == len(raw) {
		return nil
	}
	if i == len(raw) || raw[i] != '{' {
		return fmt.Errorf("%w: no object", errSyntax)
	}
	i = space(raw, i+1)
	if i < len(raw) && raw[i] == '}' {
		return end(raw, i+1)
	}
	for {
		if i == len(raw) || raw[i] != '"' {
			return errSyntax
		}
		keyEnd, err := skipString(raw, i)
		if err != nil {
			return err
		}
		key := raw[i+1 : keyEnd-1]
		i = space(raw, keyEnd)
		if i == len(raw) || raw[i] != ':' {
			return errSyntax
		}
		i = space(raw, i+1)
		valueEnd, err := skipValue(raw, i)
		if err != nil {
			return err
		}
		if err := visit(key, raw[i:valueEnd]); err != nil {
			return err
		}
		i = space(raw, valueEnd)
		switch {
		case i == len(raw):
			return errSyntax
		case raw[i] == '}':
			return end(raw, i+1)
		case raw[i] != ',':
			return errSyntax
		}
		i = space(raw, i+1)
	}
}

// elements calls visit for each element of the array raw. Null has none.
func elements(raw []byte, visit func(value []byte) error) error {
	i := space(raw, 0)
	if bytes.HasPrefix(raw[i:], []byte("null")) {
		return nil
	}
	if i == len(raw) || raw[i] != '[' {
		return fmt.Errorf("%w: no array", errSyntax)
	}
	i = space(raw, i+1)
	if i < len(raw) && raw[i] == ']' {
		return end(raw, i+1)
	}
	for {
		valueEnd, err := skipValue(raw, i)
		if err != nil {
			return err
		}
		if err := visit(raw[i:valueEnd]); err != nil {
			return err
		}
		i = space(raw, valueEnd)
		switch {
		case i == len(raw):
			return errSyntax
		case raw[i] == ']':
			return end(raw, i+1)
		case raw[i] != ',':
			return errSyntax
		}
		i = space(raw, i+1)
	}
}

// end checks that nothing but space follows.
func end(raw []byte, i int) error {
	if space(raw, i) != len(raw) {
		return errSyntax
	}
	return nil
}

func space(raw []byte, i int) int {
	for i < len(raw) && (raw[i] == ' ' || raw[i] == '\n' || raw[i] == '\t' || raw[i] == '\r') {
		i++
	}
	return i
}

// skipValue returns where the value at i ends.
func skipValue(raw []byte, i int) (int, error) {
	if i == len(raw) {
		return 0, errSyntax
	}
	switch raw[i] {
	case '"':
		return skipString(raw, i)
	case '{', '[':
		return skipNested(raw, i)
	}
	start := i
	for i < len(raw) && !endsScalar(raw[i]) {
		i++
	}
	if i == start {
		return 0, errSyntax
	}
	return i, nil
}

func skipNested(raw []byte, i int) (int, error) {
	depth := 0
	for i < len(raw) {
		switch raw[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, nil
			}
		case '"':
			next, err := skipString(raw, i)
			if err != nil {
				return 0, err
			}
			i = next
			continue
		}
		i++
	}
	return 0, errSyntax
}

// skipString returns where the string that begins at i ends.
func skipString(raw []byte, i int) (int, error) {
	for j := i + 1; ; {
		quote := bytes.IndexByte(raw[j:], '"')
		if quote < 0 {
			return 0, errSyntax
		}
		j += quote + 1
		backslashes := 0
		for raw[j-2-backslashes] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return j, nil
		}
	}
}

// text is the string that raw stands for, "" for null.
func text(raw []byte) (string, error) {
	if len(raw) < 2 || raw[0] != '"' {
		if string(raw) == "null" {
			return "", nil
		}
		return "", fmt.Errorf("%w: no string", errSyntax)
	}
	inside := raw[1 : len(raw)-1]
	if bytes.IndexByte(inside, '\\') < 0 {
		if !utf8.Valid(inside) {
			return strings.ToValidUTF8(string(inside), "\uFFFD"), nil
		}
		return string(inside), nil
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err
}

// moment is the time that raw stands for. Times are a nicety here: what is no time
// is the zero time.
func moment(raw []byte) time.Time {
	s, err := text(raw)
	if err != nil {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return at
}

func endsScalar(b byte) bool {
	switch b {
	case ',', ']', '}', ' ', '\n', '\t', '\r':
		return true
	}
	return false
}
