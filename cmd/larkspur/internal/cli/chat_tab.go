package cli

import "strings"

// A tab completes names, channels and commands when the tab key is pressed. Each further
// press takes the next one that fits.
type tab struct {
	rooms *chatRooms

	last  string   // the line after the last press
	start string   // before the completed word
	end   string   // behind it
	found []string // what fits
	next  int
}

func newTab(rooms *chatRooms) *tab { return &tab{rooms: rooms} }

// key is called for every key that the terminal does not know: it replaces the line.
func (t *tab) key(line string, pos int, key rune) (newLine string, newPos int, ok bool) {
	if key != '\t' {
		return "", 0, false
	}
	if t.found == nil || line != t.last {
		t.find(line, pos)
	}
	if len(t.found) == 0 {
		t.found = nil
		return line, pos, true
	}
	word := t.found[t.next%len(t.found)]
	t.next++
	t.last = t.start + word + " " + t.end
	return t.last, len(t.start) + len(word) + 1, true
}

// find finds what fits the word at a position.
func (t *tab) find(line string, pos int) {
	begin := strings.LastIndex(line[:pos], " ") + 1
	word := strings.ToLower(line[begin:pos])
	t.start, t.end, t.found, t.next = line[:begin], strings.TrimPrefix(line[pos:], " "), nil, 0
	switch {
	case begin == 0 && strings.HasPrefix(word, "/"):
		for _, c := range chatCommands() {
			if strings.HasPrefix(c.name, word) {
				t.found = append(t.found, c.name)
			}
		}
	case strings.HasPrefix(word, "#"):
		t.add("#", t.rooms.channels(word[1:]))
	case strings.HasPrefix(line, "/channel ") || strings.HasPrefix(line, "/part "):
		t.add("", t.rooms.channels(word))
	case strings.HasPrefix(word, "@"):
		t.add("@", t.rooms.names(word[1:]))
	case word != "":
		t.add("", t.rooms.names(word))
	}
}

func (t *tab) add(sign string, names []string) {
	for _, name := range names {
		t.found = append(t.found, sign+name)
	}
}
