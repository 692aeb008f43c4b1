// Package canary looks for secrets in the output of tests.
//
// "make canary" runs all tests with the build tag canary. Every secret that they create
// then begins with a mark, and every logger writes to the standard error at debug level;
// see internal/quiet. [Check] reads the output:
//
//	go test -json -tags canary ./... 2>&1 | go run ./internal/canary/cmd
//
// A mark in the output, also as base64, in hexadecimal or as a list of numbers, is a
// leak, unless the place is in a short list of places that print a secret on purpose.
package canary

import (
	"cmp"
	"errors"
	"fmt"
	"io"
)

// ErrFound is returned by Check if it found a problem. Check has written the details.
var ErrFound = errors.New("canary: problems found")

// Check reads the output of "go test -json", and writes a line for every leak, every
// failed test and every permission that is not needed. The lines contain no secret.
func Check(in io.Reader, out io.Writer) error { return check(in, out, allowed) }

func check(in io.Reader, out io.Writer, permits []permit) error {
	c := &checker{finder: newFinder(marks), permits: permits, used: make([]int, len(permits)), seen: map[string]bool{}}
	tests, err := read(in, c.line)
	if err != nil {
		return fmt.Errorf("canary: %w", err)
	}
	for _, name := range tests.failed {
		c.complain("%s failed; run go test -tags canary for the reason", name)
	}
	for _, p := range tests.unfinished {
		c.complain("%s did not come to an end", p)
	}
	if tests.passed == 0 {
		c.complain("no package passed: the input is not the output of tests")
	}
	for i, p := range permits {
		if c.used[i] == 0 {
			c.complain("no secret was found in a permitted place, so this permission can go: %s", p)
		}
	}
	for _, text := range c.complaints {
		if _, err := fmt.Fprintln(out, text); err != nil {
			return fmt.Errorf("canary: %w", err)
		}
	}
	if len(c.complaints) > 0 {
		return ErrFound
	}
	_, err = fmt.Fprintf(out, "canary: %d lines of %d packages contain no secret\n", c.lines, tests.passed)
	return err
}

type checker struct {
	finder     *finder
	permits    []permit
	used       []int // how often each permit was used
	lines      int
	seen       map[string]bool
	complaints []string
}

// line checks one line of a test's output.
func (c *checker) line(pkg, test, line string) {
	c.lines++
	at, form := c.finder.find(line)
	if at < 0 {
		return
	}
	for i, p := range c.permits {
		if p.covers(pkg, test, line) {
			c.used[i]++
			return
		}
	}
	before := []rune(line[:at])
	c.complain("%s: %s prints a secret (%s) after %q", pkg, cmp.Or(test, "code outside of a test"), form, string(before[max(0, len(before)-80):]))
}

// complain records a problem. It records each only once, so that a leak in a loop is
// reported once.
func (c *checker) complain(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !c.seen[text] {
		c.seen[text] = true
		c.complaints = append(c.complaints, text)
	}
}
