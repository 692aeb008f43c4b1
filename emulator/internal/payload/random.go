package payload

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// Random returns an event with values as different as the schema allows: what may be null or
// absent sometimes is, lists may be empty, texts have any characters, and values that
// Twitch lists are sometimes others, as Twitch may add them.
func (s *Schema) Random(seed uint64) *Object {
	r := &randomizer{rand.New(rand.NewPCG(seed, 0x6576656e74))} //nolint:gosec // reproducible on purpose
	return r.object(s.Fields)
}

type randomizer struct{ *rand.Rand }

func (r *randomizer) object(fields []*Field) *Object {
	o := &Object{}
	for _, f := range fields {
		switch {
		case f.Optional && r.IntN(4) == 0:
		case f.Nullable && r.IntN(3) == 0:
			o.set(f.Name, nil)
		case f.List:
			list := make([]any, r.IntN(4))
			for i := range list {
				list[i] = r.value(f)
			}
			o.set(f.Name, list)
		default:
			o.set(f.Name, r.value(f))
		}
	}
	return o
}

func (r *randomizer) value(f *Field) any {
	switch f.Kind {
	case "object":
		return r.object(f.Fields)
	case "boolean":
		return r.IntN(2) == 0
	case "integer":
		if f.Ranged {
			return f.Min + r.IntN(f.Max-f.Min+1)
		}
		return r.IntN(1 << (1 + r.IntN(31)))
	case "time":
		at := time.Unix(1_600_000_000+r.Int64N(400_000_000), r.Int64N(2)*r.Int64N(1e9)).UTC()
		return at.Format(time.RFC3339Nano)
	case "uri":
		return "https://static-cdn.example.com/" + strconv.Itoa(r.Int()) + "?a=1&b=2"
	case "color":
		return "#" + strings.ToUpper(strconv.FormatInt(0x1000000+r.Int64N(0x1000000), 16)[1:])
	}
	if len(f.Values) > 0 && r.IntN(8) > 0 {
		return f.Values[r.IntN(len(f.Values))]
	}
	return r.text()
}

// alphabet has what encoders and decoders get wrong: quotes, escapes, control characters,
// characters of two, three and four bytes, some that JSON may escape, and HTML's.
var alphabet = []rune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-.,:;!?\"\\/\n\r\t\b\f\x00\x1f\x7f<>&'äßéЖ日本語한국\u2028\u2029\u200d\ufeff\U000e0000😀👩🏽‍🚀𝕏")

func (r *randomizer) text() string {
	n := r.IntN(12)
	if r.IntN(20) == 0 {
		n = r.IntN(500)
	}
	text := make([]rune, n)
	for i := range text {
		text[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(text)
}
