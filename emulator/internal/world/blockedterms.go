package world

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// A BlockedTerm is a word or phrase that holds back the messages it is in. A *
// at the start or end of a word stands for whatever goes on there.
type BlockedTerm struct {
	ID        string
	Text      string
	Moderator User // who added it
	CreatedAt time.Time
	UpdatedAt time.Time
}

// AddBlockedTerm blocks a term. One that is blocked already is renewed.
func (w *World) AddBlockedTerm(broadcasterID, moderatorID, text string) (BlockedTerm, error) {
	c := w.begin()
	defer c.end()
	b, ch, mod, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return BlockedTerm{}, err
	}
	text = strings.Join(strings.Fields(text), " ")
	if len([]rune(text)) < 2 || strings.Trim(text, "* ") == "" {
		return BlockedTerm{}, badRequest("The length of the term in the text field is too short.")
	}
	t := &BlockedTerm{ID: w.uuid(), Text: text, Moderator: *mod, CreatedAt: c.now, UpdatedAt: c.now}
	at := slices.IndexFunc(ch.terms, func(other *BlockedTerm) bool { return strings.EqualFold(other.Text, text) })
	if at >= 0 {
		t.ID, t.CreatedAt = ch.terms[at].ID, ch.terms[at].CreatedAt
		ch.terms = slices.Delete(ch.terms, at, at+1)
	}
	ch.terms = append(ch.terms, t)
	c.tell(TermsChanged{About: c.about(b), Moderator: *mod, Added: true, Terms: []string{text}})
	return *t, nil
}

// RemoveBlockedTerm removes a term. An unknown id is not an error.
func (w *World) RemoveBlockedTerm(broadcasterID, moderatorID, id string) error {
	c := w.begin()
	defer c.end()
	b, ch, mod, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(ch.terms, func(t *BlockedTerm) bool { return t.ID == id })
	if at < 0 {
		return nil
	}
	text := ch.terms[at].Text
	ch.terms = slices.Delete(ch.terms, at, at+1)
	c.tell(TermsChanged{About: c.about(b), Moderator: *mod, Terms: []string{text}})
	return nil
}

// BlockedTerms returns the terms that a channel blocks, newest first.
func (w *World) BlockedTerms(broadcasterID string) []BlockedTerm {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	all := make([]BlockedTerm, 0, len(ch.terms))
	for _, t := range slices.Backward(ch.terms) {
		all = append(all, *t)
	}
	return all
}

// A FoundTerm is a blocked term in a message, and where.
type FoundTerm struct {
	Term BlockedTerm
	Span Span
}

// A Span is a part of a text: its first and its last character, counted from 0.
type Span struct{ Start, End int }

func (ch *channel) findTerms(text string) []FoundTerm {
	if len(ch.terms) == 0 {
		return nil
	}
	var found []FoundTerm
	words := wordsOf(text)
	for _, t := range ch.terms {
		for _, span := range find(words, t.Text) {
			found = append(found, FoundTerm{*t, span})
		}
	}
	return found
}

// A word of a message, as it stands and without the punctuation around it.
type word struct {
	raw, bare string // in lower case
	span      Span   // of raw
}

func wordsOf(text string) []word {
	var words []word
	start := -1
	runes := []rune(strings.ToLower(text))
	for i := range len(runes) + 1 {
		inside := i < len(runes) && !unicode.IsSpace(runes[i])
		switch {
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			raw := string(runes[start:i])
			bare := strings.TrimFunc(raw, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
			words = append(words, word{raw, bare, Span{start, i - 1}})
			start = -1
		}
	}
	return words
}

// find returns where a phrase is among words.
func find(words []word, phrase string) []Span {
	patterns := strings.Fields(strings.ToLower(phrase))
	if len(patterns) == 0 {
		return nil
	}
	var spans []Span
	for i := 0; i+len(patterns) <= len(words); i++ {
		same := true
		for j, pattern := range patterns {
			same = same && (matches(pattern, words[i+j].raw) || matches(pattern, words[i+j].bare))
		}
		if same {
			spans = append(spans, Span{words[i].span.Start, words[i+len(patterns)-1].span.End})
		}
	}
	return spans
}

func matches(pattern, word string) bool {
	head, open := strings.CutSuffix(pattern, "*")
	tail, anyStart := strings.CutPrefix(head, "*")
	switch {
	case open && anyStart:
		return strings.Contains(word, tail)
	case open:
		return strings.HasPrefix(word, tail)
	case anyStart:
		return strings.HasSuffix(word, tail)
	}
	return word == tail
}
