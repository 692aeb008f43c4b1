package push

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"time"
)

// The kinds of message.
const (
	kindWelcome      = "session_welcome"
	kindKeepalive    = "session_keepalive"
	kindReconnect    = "session_reconnect"
	kindNotification = "notification"
	kindRevocation   = "revocation"
)

// frame wraps a payload that is not a notification.
func frame(kind string, payload []byte) []byte { return appendFrame(nil, kind, "", payload) }

// appendFrame appends a new message: its kind, more metadata as JSON that begins
// with a comma, or none, and the payload.
func appendFrame(b []byte, kind, metadata string, payload ...[]byte) []byte {
	b = append(b, `{"metadata":{"message_id":"`...)
	b = appendUUID(b)
	return appendRest(b, time.Now(), kind, metadata, payload...)
}

// appendRest appends what follows the id of a message.
func appendRest(b []byte, at time.Time, kind, metadata string, payload ...[]byte) []byte {
	b = append(b, `","message_type":"`...)
	b = append(b, kind...)
	b = append(b, `","message_timestamp":"`...)
	b = at.UTC().AppendFormat(b, time.RFC3339Nano)
	b = append(b, '"')
	b = append(b, metadata...)
	b = append(b, `},"payload":`...)
	for _, part := range payload {
		b = append(b, part...)
	}
	return append(b, '}')
}

// appendUUID appends a random UUID, version 4.
func appendUUID(b []byte) []byte {
	var u [16]byte
	_, _ = rand.Read(u[:])
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	for i, part := range [][]byte{u[0:4], u[4:6], u[6:8], u[8:10], u[10:16]} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, part)
	}
	return b
}

// payload is what a session says of itself.
func (ss *session) payload(status, reconnectURL string) []byte {
	type body struct {
		ID           string    `json:"id"`
		Status       string    `json:"status"`
		ConnectedAt  time.Time `json:"connected_at"`
		Keepalive    *int      `json:"keepalive_timeout_seconds"`
		ReconnectURL *string   `json:"reconnect_url"`
		RecoveryURL  *string   `json:"recovery_url"`
	}
	p := body{ID: ss.id, Status: status, ConnectedAt: ss.at}
	if reconnectURL == "" {
		p.Keepalive = &ss.keepalive
	} else {
		p.ReconnectURL = &reconnectURL // and no keepalive, as Twitch has it
	}
	return mustJSON(struct {
		Session body `json:"session"`
	}{p})
}

// mustJSON encodes one of our own types, which cannot fail.
func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("push: " + err.Error())
	}
	return b
}
