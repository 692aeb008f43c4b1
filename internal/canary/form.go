package canary

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// marks are beginnings of secrets. The first is quiet.Mark; the others are those of keys,
// of the emulator's client secret and of the secrets in the tests of package oauth.
var marks = []string{
	"canary0secret",
	"larkspur-key-1-",
	"larkspuremulatorsecret",
	"access-canary", "refresh-canary", "secret-canary", "code-canary", "device-canary",
}

// A form is one way to write a mark.
type form struct{ name, text string }

// Find returns how one of the secrets is written in text; found is false if there is
// none.
func Find(text string, secrets ...string) (form string, found bool) {
	at, form := newFinder(secrets).find(text)
	return form, at >= 0
}

// index returns where w begins in a line, or -1. A mark that ends with a hyphen
// is public as long as nothing follows it: "a key begins with larkspur-key-1-" is no
// leak.
func (w form) index(line string) int {
	public := strings.HasSuffix(w.text, "-")
	for from := 0; ; {
		i := strings.Index(line[from:], w.text)
		if i < 0 {
			return -1
		}
		end := from + i + len(w.text)
		if !public || end < len(line) && strings.IndexByte(" \t.,:;\"'`)…", line[end]) < 0 {
			return from + i
		}
		from = end
	}
}

// A finder looks for all forms of all marks.
type finder struct {
	forms []form
}

func newFinder(marks []string) *finder {
	f := &finder{}
	for _, mark := range marks {
		f.forms = append(f.forms, formsOf(mark)...)
	}
	return f
}

// find returns where the first mark begins in a line and how it is written, or -1 if
// there is none.
func (f *finder) find(line string) (at int, name string) {
	at = -1
	for _, w := range f.forms {
		if i := w.index(line); i >= 0 && (at < 0 || i < at) {
			at, name = i, w.name
		}
	}
	return at, name
}

// formsOf returns the forms in which a program may print a secret with a mark.
func formsOf(mark string) []form {
	list := func(format, between string) string {
		parts := make([]string, len(mark))
		for i := range len(mark) {
			parts[i] = fmt.Sprintf(format, mark[i])
		}
		return strings.Join(parts, between)
	}
	forms := []form{
		{"as it is", mark},
		{"in capitals", strings.ToUpper(mark)},
		{"in hexadecimal", hex.EncodeToString([]byte(mark))},
		{"in hexadecimal", strings.ToUpper(hex.EncodeToString([]byte(mark)))},
		{"in hexadecimal", list("%02x", " ")},
		{"in hexadecimal", list("0x%02x", ", ")},
		{"in hexadecimal", list(`\x%02x`, "")},
		{"as a list of numbers", list("%d", " ")},
		{"as a list of numbers", list("%d", ", ")},
		{"as a list of numbers", list("%d", ",")},
		{"percent-encoded", list("%%%02X", "")},
		{"with escapes", list(`\u%04x`, "")},
	}
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		for before := range 3 {
			forms = append(forms, form{"as base64", inside(mark, e.EncodeToString, before, 6)})
		}
	}
	for before := range 5 {
		forms = append(forms, form{"as base32", inside(mark, base32.StdEncoding.EncodeToString, before, 5)})
	}
	return forms
}

// inside returns the encoding of a mark at an offset of some bytes, without the
// characters that depend on the bytes around it. Each character encodes so many bits.
func inside(mark string, encode func([]byte) string, before, bits int) string {
	first := (before*8 + bits - 1) / bits
	end := (before + len(mark)) * 8 / bits
	return encode([]byte(strings.Repeat("\x00", before) + mark))[first:end]
}
