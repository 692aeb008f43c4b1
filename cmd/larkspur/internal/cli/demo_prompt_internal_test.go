package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A screen interprets the few control sequences that a prompt uses, as a terminal does.
type screen struct {
	columns int
	rows    [][]rune
	x, y    int
	rest    string // an incomplete control sequence
}

func (s *screen) Write(p []byte) (int, error) {
	text := s.rest + string(p)
	s.rest = ""
	for text != "" {
		if strings.HasPrefix(text, "\x1b") {
			end := strings.IndexFunc(text, func(r rune) bool { return r >= 'A' && r <= 'z' && r != '[' })
			if end < 0 {
				s.rest = text
				break
			}
			s.control(text[2:end], text[end])
			text = text[end+1:]
			continue
		}
		r := []rune(text)[0]
		text = text[len(string(r)):]
		s.put(r)
	}
	return len(p), nil
}

func (s *screen) put(r rune) {
	switch r {
	case '\r':
		s.x = 0
	case '\n':
		s.y++
	default:
		if s.x == s.columns {
			s.x, s.y = 0, s.y+1
		}
		row := s.row()
		for len(*row) <= s.x {
			*row = append(*row, ' ')
		}
		(*row)[s.x] = r
		s.x++
	}
}

func (s *screen) row() *[]rune {
	for len(s.rows) <= s.y {
		s.rows = append(s.rows, nil)
	}
	return &s.rows[s.y]
}

func (s *screen) control(number string, verb byte) {
	n := 1
	_, _ = fmt.Sscan(number, &n)
	switch verb {
	case 'A':
		s.y -= n
	case 'B':
		s.y += n
	case 'C':
		s.x += n
	case 'D':
		s.x -= n
	case 'K':
		if row := s.row(); len(*row) > s.x {
			*row = (*row)[:s.x]
		}
	case 'J':
		if row := s.row(); len(*row) > s.x {
			*row = (*row)[:s.x]
		}
		s.rows = s.rows[:s.y+1]
	default:
		panic("a control that the screen does not know: " + number + string(verb))
	}
}

func (s *screen) String() string {
	var lines []string
	for _, row := range s.rows {
		lines = append(lines, strings.TrimRight(string(row), " "))
	}
	return strings.Join(lines, "\n")
}

// atPrompt runs a test with a prompt of 30 columns.
func atPrompt(t *testing.T, story func(d *display, keys io.Writer, s *screen, typed <-chan string, stopped *bool)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &screen{columns: 30}
		keyboard, keys := io.Pipe()
		p := newPrompt(keyboard, s)
		p.size = func() (int, int) { return 30, 24 }
		d := newDisplay(p, time.Now(), false, false)
		d.width = func() int { return 30 }
		d.show(entry{Kind: "note", Text: "begin"}) // sets the size
		ctx, cancel := context.WithCancel(t.Context())
		stopped := false
		typed := p.lines(ctx, func() { stopped = true })
		synctest.Wait()
		story(d, keys, s, typed, &stopped)
		cancel()
		_ = keys.Close()
	})
}

func TestHalfTypedLineStaysWholeBelowTheCrowd(t *testing.T) {
	atPrompt(t, func(d *display, keys io.Writer, s *screen, typed <-chan string, _ *bool) {
		want := func(screen string) {
			t.Helper()
			synctest.Wait()
			if got := s.String(); got != screen {
				t.Errorf("got the screen\n%s\nwant\n%s", got, screen)
			}
		}
		_, _ = io.WriteString(keys, "hel")
		want("   0.00s  begin\nyou: hel")
		d.show(entry{Kind: "chat", Who: "Ada", Text: "hi"})
		want("   0.00s  begin\n   0.00s  Ada: hi\nyou: hel")
		_, _ = io.WriteString(keys, "lo ")
		d.show(entry{Kind: "chat", Who: "Bob", Text: "one two three four"}) // two rows
		want("   0.00s  begin\n   0.00s  Ada: hi\n   0.00s  Bob: one two three\n          four\nyou: hello")
		_, _ = io.WriteString(keys, "everybody who is here now") // continues in a second row
		want("   0.00s  begin\n   0.00s  Ada: hi\n   0.00s  Bob: one two three\n          four\nyou: hello everybody who is he\nre now")
		d.show(entry{Kind: "chat", Who: "Ada", Text: "yes?"})
		want("   0.00s  begin\n   0.00s  Ada: hi\n   0.00s  Bob: one two three\n          four\n   0.00s  Ada: yes?\nyou: hello everybody who is he\nre now")
		_, _ = io.WriteString(keys, strings.Repeat("\x7f", len("everybody who is here now"))+"all\r")
		want("   0.00s  begin\n   0.00s  Ada: hi\n   0.00s  Bob: one two three\n          four\n   0.00s  Ada: yes?\nyou: hello all\nyou:")
		if line := <-typed; line != "hello all" {
			t.Errorf("got the line %q, want what was typed last", line)
		}
	})
}

func TestKeysThatEndTheDemo(t *testing.T) {
	for name, key := range map[string]string{"Ctrl-C": "\x03", "Ctrl-C in a line": "hel\x03", "Ctrl-D": "\x04"} {
		t.Run(name, func(t *testing.T) {
			atPrompt(t, func(_ *display, keys io.Writer, _ *screen, typed <-chan string, stopped *bool) {
				_, _ = io.WriteString(keys, key)
				synctest.Wait()
				if _, more := <-typed; !*stopped || more {
					t.Errorf("got stopped %v and more lines %v, want the end", *stopped, more)
				}
			})
		})
	}
}
