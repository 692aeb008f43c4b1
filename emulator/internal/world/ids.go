package world

import (
	"encoding/hex"
	"strconv"
	"strings"
)

// uuid returns a random id in the form of a UUID, version 4. Ids of chat
// messages look like that.
func (w *World) uuid() string { return asUUID(w.rng.Uint64(), w.rng.Uint64()) }

func asUUID(hi, lo uint64) string {
	var b [16]byte
	for i := range 8 {
		b[i], b[8+i] = byte(hi>>(8*i)), byte(lo>>(8*i))
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	var s [36]byte
	hex.Encode(s[0:8], b[0:4])
	hex.Encode(s[9:13], b[4:6])
	hex.Encode(s[14:18], b[6:8])
	hex.Encode(s[19:23], b[8:10])
	hex.Encode(s[24:36], b[10:16])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return string(s[:])
}

// digits returns a random numeric id.
func (w *World) digits() string {
	return strconv.FormatUint(1_000_000_000+w.rng.Uint64N(9_000_000_000), 10)
}

// slug returns a random id like those of clips.
func (w *World) slug() string {
	adjectives := []string{"Amused", "Brave", "Calm", "Dizzy", "Eager", "Fancy", "Gentle", "Happy"}
	nouns := []string{"Lark", "Spur", "Falcon", "Otter", "Panda", "Walrus", "Yak", "Zebra"}
	return adjectives[w.rng.IntN(len(adjectives))] + nouns[w.rng.IntN(len(nouns))] + strconv.FormatUint(w.rng.Uint64N(1<<40), 36)
}

// stableUUID is an id in the form of a UUID that depends on the seed and the words only.
func (w *World) stableUUID(words ...string) string {
	return asUUID(w.number(append(words, "hi")...), w.number(append(words, "lo")...))
}

// OpaqueID returns an ID that stands for a user and does not reveal who it is.
func (w *World) OpaqueID(userID string) string {
	return strings.ReplaceAll(w.stableUUID("opaque", userID), "-", "")
}
