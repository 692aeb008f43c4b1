package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// signaturePrefix names the only algorithm that Twitch uses.
const signaturePrefix = "sha256="

// Signed reports whether one of the secrets signed the message. The time that it takes
// depends on the number of secrets and on the length of body only.
func (h Head) Signed(body []byte, secrets ...string) bool {
	given, ok := strings.CutPrefix(h.signature, signaturePrefix)
	if !ok || len(given) != 2*sha256.Size {
		return false
	}
	var want, sum [sha256.Size]byte
	if _, err := hex.Decode(want[:], []byte(given)); err != nil {
		return false
	}
	signed := false
	for _, secret := range secrets {
		if secret == "" { // whoever knows no secret could sign with this one
			continue
		}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(h.ID))
		mac.Write([]byte(h.timestamp))
		mac.Write(body)
		signed = hmac.Equal(mac.Sum(sum[:0]), want[:]) || signed
	}
	return signed
}
