package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The longest timeout, and that of /timeout without a time.
const (
	longestTimeout = 14 * 24 * time.Hour
	usualTimeout   = 10 * time.Minute
)

// timeoutArgs parses what follows the name in /timeout NAME [TIME] [REASON]. A first word
// that begins like a number is the time, so that a mistyped one is not taken as the reason.
func timeoutArgs(text string) (length time.Duration, reason string, err error) {
	first, rest, _ := strings.Cut(text, " ")
	if first == "" || !strings.ContainsAny(first[:1], "0123456789-+.") {
		return usualTimeout, text, nil
	}
	if length, err = parseSpan(first); err != nil {
		return 0, "", err
	}
	rest = strings.TrimSpace(rest)
	if word, _, _ := strings.Cut(rest, " "); isUnitWord(word) {
		return 0, "", fmt.Errorf("%q: write the time as one word, such as 10m, 2h or 1d", cut(first+" "+word, maxName))
	}
	if err := within(length, time.Second, longestTimeout); err != nil {
		return 0, "", err
	}
	return length, rest, nil
}

// span returns the time that the command names, or another if it names none.
func (d deed) span(otherwise, shortest, longest time.Duration) (time.Duration, error) {
	if d.rest == "" {
		return otherwise, nil
	}
	length, err := parseSpan(d.rest)
	if err != nil {
		return 0, err
	}
	return length, within(length, shortest, longest)
}

// within checks the limits of a time.
func within(length, shortest, longest time.Duration) error {
	if length >= shortest && length <= longest {
		return nil
	}
	if shortest == 0 {
		return fmt.Errorf("%s is too long; at most %s", span(length), span(longest))
	}
	return fmt.Errorf("want a time from %s to %s", span(shortest), span(longest))
}

// maxSpan is the longest time that is parsed; no command takes a longer one.
const maxSpan = 1000 * 24 * time.Hour

// unitWords are words for units of time that people write behind a number.
var unitWords = []string{
	"s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute", "minutes", "h", "hr", "hrs", "hour", "hours",
	"d", "day", "days", "w", "week", "weeks",
}

func isUnitWord(word string) bool {
	return slices.Contains(unitWords, strings.ToLower(strings.Trim(word, ".,;:!")))
}

// parseSpan parses a time as Twitch's commands take it: seconds, or "10m", "3d", "1w".
func parseSpan(text string) (time.Duration, error) {
	units := map[string]time.Duration{
		"": time.Second, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
	}
	digits := strings.TrimRight(text, "smhdw")
	n, err := strconv.Atoi(digits)
	unit, ok := units[text[len(digits):]]
	if err != nil || !ok || n < 0 || n > int(maxSpan/unit) {
		return 0, fmt.Errorf("%q: want a time such as 30s, 10m or 1d", cut(text, maxName))
	}
	return time.Duration(n) * unit, nil
}
