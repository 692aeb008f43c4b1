package world

import (
	"net/http"
	"time"
	"unicode/utf8"
)

// Twitch's limits on whispers.
const (
	maxWhisper      = 10_000 // characters
	maxFirstWhisper = 500    // to users who never whispered back
	maxWhisperedTo  = 40     // different users per day
)

// whisper checks a whisper against the limits and returns what is left of its text.
func (w *World) whisper(c *change, from, to *User, text string) (string, error) {
	today := 0
	for pair, at := range w.whispers {
		if pair[0] == from.ID && pair[1] != to.ID && c.now.Sub(at) < 24*time.Hour {
			today++
		}
	}
	if today >= maxWhisperedTo && !w.opts.NoChatLimits {
		return "", refuse(http.StatusTooManyRequests, "The sending user exceeded the number of users they may whisper to in a day.")
	}
	w.whispers[[2]string{from.ID, to.ID}] = c.now
	most := maxFirstWhisper
	if _, answered := w.whispers[[2]string{to.ID, from.ID}]; answered {
		most = maxWhisper
	}
	return cutTo(text, most), nil
}

// cutTo keeps the first characters of a text.
func cutTo(text string, most int) string {
	for n := utf8.RuneCountInString(text); n > most; n-- {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}
