package webhook

import (
	"net/http"
	"time"
)

// The headers of a request, in the spelling of [http.Header]. The signature covers the
// id, the timestamp and the body; the kind and the retry count are not signed.
const (
	headerID        = "Twitch-Eventsub-Message-Id"
	headerTimestamp = "Twitch-Eventsub-Message-Timestamp"
	headerSignature = "Twitch-Eventsub-Message-Signature"
	headerKind      = "Twitch-Eventsub-Message-Type"
	headerRetry     = "Twitch-Eventsub-Message-Retry"
)

// maxHeader is the length of the longest header value that is accepted. Twitch's own
// have at most 71 bytes.
const maxHeader = 256

// A Head holds what the headers of a request say about its message.
type Head struct {
	ID   string
	Kind string
	Sent time.Time

	timestamp string // as it is signed
	signature string
}

// ReadHead returns the head of a request. It returns false if a header is missing,
// empty, too long or occurs twice: two values would let one part of a system check the
// first and another one use the second.
//
// It also returns false if the timestamp is not one. The signature covers the id and the
// timestamp without anything between them, so id "m1" with time "2026-…" and id "m12"
// with time "026-…" have the same signature. Without the check, a message could be
// replayed as one with another id.
func ReadHead(h http.Header) (head Head, ok bool) {
	for _, field := range []struct {
		name string
		to   *string
	}{
		{headerID, &head.ID},
		{headerTimestamp, &head.timestamp},
		{headerKind, &head.Kind},
		{headerSignature, &head.signature},
	} {
		values := h[field.name]
		if len(values) != 1 || values[0] == "" || len(values[0]) > maxHeader {
			return Head{}, false
		}
		*field.to = values[0]
	}
	sent, err := time.Parse(time.RFC3339Nano, head.timestamp)
	head.Sent = sent
	return head, err == nil && len(h[headerRetry]) <= 1
}
