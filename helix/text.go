package helix

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxMessage is how many characters a chat message may have.
const MaxMessage = 500

// SplitMessage cuts a text into messages of at most limit characters, at the borders
// of words; a word that is longer than a message is cut where it must be. Line breaks
// and other runs of space become one space, which is what chat shows. An empty text is
// no message. A limit of 0 or less is [MaxMessage].
func SplitMessage(text string, limit int) []string {
	if limit <= 0 {
		limit = MaxMessage
	}
	var messages []string
	var line strings.Builder
	length := 0
	flush := func() {
		if length > 0 {
			messages = append(messages, line.String())
			line.Reset()
			length = 0
		}
	}
	for word := range strings.FieldsSeq(strings.ToValidUTF8(text, "\uFFFD")) {
		n := utf8.RuneCountInString(word)
		if length > 0 && length+1+n > limit {
			flush()
		}
		for n > limit {
			cut := runes(word, limit)
			messages = append(messages, word[:cut])
			word = word[cut:]
			n -= limit
		}
		if length > 0 {
			line.WriteByte(' ')
			length++
		}
		line.WriteString(word)
		length += n
	}
	flush()
	return messages
}

// runes returns how many bytes the first n characters of s have.
func runes(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// SayAll is [ChatService.Say] for a text of any length: it is sent as several
// messages, see [SplitMessage], one after the other. Only the first is a reply, if
// p is one. It returns the ids of what was sent, which after an error is not all.
//
// Twitch: Send Chat Message. Scope: user:write:chat.
func (s *ChatService) SayAll(ctx context.Context, p SendChatMessageParams) (messageIDs []string, err error) {
	parts := SplitMessage(p.Message, MaxMessage)
	if len(parts) == 0 {
		return nil, &ParamError{Endpoint: sendChatMessage, Param: "message", Rule: "is required"}
	}
	for i, part := range parts {
		p.Message = part
		id, err := s.Say(ctx, p)
		if err != nil && len(parts) > 1 {
			return messageIDs, fmt.Errorf("message %d of %d: %w", i+1, len(parts), err)
		}
		if err != nil {
			return nil, err
		}
		messageIDs = append(messageIDs, id)
		p.ReplyTo, p.Pin = "", false
	}
	return messageIDs, nil
}
