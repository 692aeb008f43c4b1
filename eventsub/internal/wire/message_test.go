package wire

import "testing"

func TestInvalidMessagesAreRefused(t *testing.T) {
	for _, frame := range []string{
		``, `null`, `[]`, `{}`, `"x"`, `{"metadata":{}}`, `{"metadata":{"message_type":{}}}`,
		`{"metadata":{"message_type":"session_welcome"},"payload":{"session":{}}}`,
		`{"metadata":{"message_type":"notification"},"payload":{}}`,
		`{"metadata":{"message_type":"revocation"}}`,
	} {
		if m, err := DecodeFrame([]byte(frame)); err == nil {
			t.Errorf("%s: got %+v, want an error", frame, m)
		}
	}
	for _, frame := range []string{
		`{"metadata":{"message_type":"session_keepalive"},"payload":{}}`,
		`{"metadata":{"message_type":"session_keepalive"}}`,
		`{"metadata":{"message_type":5}}`,
		`{"metadata":{"message_type":"notification","subscription_type":"t","subscription_version":"1"},"payload":{"subscription":[]}}`,
		`{"metadata":{"message_type":"brand_new","more":[]},"payload":{"session":null}}`,
		`{"metadata":{"message_type":"session_reconnect"},"payload":{"session":{"keepalive_timeout_seconds":null,"reconnect_url":"wss://x"}}}`,
	} {
		if _, err := DecodeFrame([]byte(frame)); err != nil {
			t.Errorf("%s: got %v, want none", frame, err)
		}
	}
}
