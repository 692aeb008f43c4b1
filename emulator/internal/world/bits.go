package world

import (
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Cheer posts a message with bits in it. A cheermote is put in front of a text
// that has none.
func (w *World) Cheer(broadcasterID, userID string, bits int, text string) (ChatMessage, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return ChatMessage{}, err
	}
	if bits <= 0 {
		return ChatMessage{}, badRequest("The number of bits must be positive.")
	}
	if mote := "Cheer" + strconv.Itoa(bits); !slices.Contains(strings.Fields(text), mote) {
		text = strings.TrimRight(mote+" "+text, " ")
	}
	m, err := w.post(c, Post{BroadcasterID: b.ID, SenderID: userID, Text: text, Bits: bits, Unlimited: true})
	if err != nil {
		return ChatMessage{}, err
	}
	ch.bits[userID] += bits
	c.tell(Cheered{About: c.about(b), User: m.Sender, Bits: bits, Message: m})
	return m, nil
}

// Bits returns who cheered in a channel and with how many bits altogether, most first.
func (w *World) Bits(broadcasterID string) iter.Seq2[User, int] {
	w.mu.RLock()
	defer w.mu.RUnlock()
	type row struct {
		user User
		bits int
	}
	var rows []row
	if ch := w.channels[broadcasterID]; ch != nil {
		for id, bits := range ch.bits {
			rows = append(rows, row{*w.users[id], bits})
		}
	}
	Order(rows, func(a, b *row) int {
		if a.bits != b.bits {
			return b.bits - a.bits
		}
		return compareIDs(a.user.ID, b.user.ID)
	})
	return func(yield func(User, int) bool) {
		for _, r := range rows {
			if !yield(r.user, r.bits) {
				return
			}
		}
	}
}
