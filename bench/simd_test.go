//go:build goexperiment.simd && amd64

package bench_test

import (
	"math/bits"
	"runtime"
	"simd/archsimd"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/larkspur-dev/larkspur/irc"
)

// BenchmarkParseSIMD compares the parser with one that finds the ends of tags, the first
// space and line ends in one pass with vectors of 32 bytes:
//
//	GOEXPERIMENT=simd go test -run '^$' -bench ParseSIMD .
//
// The package that it needs exists only with that experiment. See doc.go for what came of it.
func BenchmarkParseSIMD(b *testing.B) {
	if !archsimd.X86.AVX2() {
		b.Skip("this processor has no AVX2")
	}
	lines := corpus(b, "PRIVMSG")
	var plain, vector irc.PrivMsg
	var m marks
	usual := 0
	for _, line := range lines {
		msg, err := irc.Parse(line)
		if err == nil {
			err = plain.Decode(&msg)
		}
		if err != nil {
			b.Fatal(err)
		}
		if m.decode(line, &vector) {
			if plain != vector {
				b.Fatalf("%s: got %+v with vectors, want %+v", line, vector, plain)
			}
			usual++
		}
	}
	ways := []func(line string){
		func(line string) {
			msg, err := irc.Parse(line)
			if err == nil {
				err = plain.Decode(&msg)
			}
			if err != nil {
				b.Fatal(err)
			}
		},
		func(line string) { m.decode(line, &vector) },
	}
	times := make([][]time.Duration, len(ways))
	for b.Loop() {
		for i, parse := range ways {
			runtime.GC()
			start := time.Now()
			for _, line := range lines {
				parse(line)
			}
			times[i] = append(times[i], time.Since(start))
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(best(times[0])*1e9/float64(len(lines)), "plain-ns/line")
	b.ReportMetric(best(times[1])*1e9/float64(len(lines)), "vectors-ns/line")
	b.ReportMetric(best(times[1])/best(times[0]), "vectors/plain")
	b.ReportMetric(float64(usual)/float64(len(lines)), "read-with-vectors")
}

// marks are where the tags of a line end, one bit per byte.
type marks struct {
	ends [256]uint32
}

// find reads a line of up to 8 KB. It returns where the first space is, or false if a
// line end or NUL is in the line.
func (m *marks) find(line string) (space int, ok bool) {
	src := unsafe.Slice(unsafe.StringData(line), len(line))
	semicolon, blank, low := archsimd.BroadcastUint8x32(';'), archsimd.BroadcastUint8x32(' '), archsimd.BroadcastUint8x32('\r')
	var controls uint32
	space = -1
	n := len(src)
	if n < 32 || n > 32*len(m.ends) {
		return 0, false
	}
	for i := 0; i < n; i += 32 {
		at := min(i, n-32) // the last block overlaps the one before
		v := archsimd.LoadUint8x32((*[32]uint8)(src[at:]))
		controls |= v.Max(low).Equal(low).ToBits()
		if space < 0 {
			m.ends[i/32] = v.Equal(semicolon).ToBits() >> (i - at)
			if hit := v.Equal(blank).ToBits() >> (i - at); hit != 0 {
				space = i + bits.TrailingZeros32(hit)
			}
		}
	}
	return space, controls == 0
}

// decode reads a PRIVMSG with no other tags than the usual ones, and no escapes. It returns
// false for other lines.
func (m *marks) decode(line string, p *irc.PrivMsg) bool {
	space, ok := m.find(line)
	if !ok || space < 1 || line[0] != '@' {
		return false
	}
	*p = irc.PrivMsg{Raw: irc.Line(line)}
	rest := line[space+1:]
	end := strings.IndexByte(rest, ' ')
	if end < 0 || rest[0] != ':' || !strings.HasPrefix(rest[end:], " PRIVMSG #") {
		return false
	}
	p.Login, _, _ = strings.Cut(rest[1:end], "!")
	rest = rest[end+len(" PRIVMSG #"):]
	end = strings.IndexByte(rest, ' ')
	if end < 0 || end+1 >= len(rest) || rest[end+1] != ':' {
		return false
	}
	p.Channel, p.Text = rest[:end], rest[end+2:]
	if strings.HasPrefix(p.Text, "\x01") {
		return false
	}
	start, block, word := 1, 0, m.ends[0]
	next := func() string {
		for word == 0 && block*32 < space {
			block++
			word = m.ends[block]
		}
		end := min(block*32+bits.TrailingZeros32(word), space)
		word &= word - 1
		tag := line[min(start, end):end]
		start = end + 1
		return tag
	}
	for tag := next(); tag != ""; {
		at := start
		if len(tag) >= 11 && tag[:11] == "badge-info=" {
			v := tag[11:]
			p.BadgeInfo, tag = irc.Badges(v), next()
		}
		if len(tag) >= 7 && tag[:7] == "badges=" {
			v := tag[7:]
			p.Badges, tag = irc.Badges(v), next()
		}
		if len(tag) >= 13 && tag[:13] == "client-nonce=" {
			tag = next()
		}
		if len(tag) >= 6 && tag[:6] == "color=" {
			v := tag[6:]
			p.Color, tag = v, next()
		}
		if len(tag) >= 13 && tag[:13] == "display-name=" {
			v := tag[13:]
			if strings.IndexByte(v, '\\') >= 0 {
				return false
			}
			p.DisplayName, tag = v, next()
		}
		if len(tag) >= 11 && tag[:11] == "emote-only=" {
			v := tag[11:]
			p.EmoteOnly, tag = v == "1", next()
		}
		if len(tag) >= 7 && tag[:7] == "emotes=" {
			v := tag[7:]
			p.Emotes, tag = irc.Emotes(v), next()
		}
		if len(tag) >= 10 && tag[:10] == "first-msg=" {
			v := tag[10:]
			p.FirstMessage, tag = v == "1", next()
		}
		if len(tag) >= 6 && tag[:6] == "flags=" {
			tag = next()
		}
		if len(tag) >= 3 && tag[:3] == "id=" {
			v := tag[3:]
			p.ID, tag = v, next()
		}
		if len(tag) >= 4 && tag[:4] == "mod=" {
			v := tag[4:]
			p.Moderator, tag = v == "1", next()
		}
		for len(tag) >= 6 && tag[:6] == "reply-" {
			tag = next()
		}
		if len(tag) >= 10 && tag[:10] == "returning-" {
			p.Returning, tag = strings.HasSuffix(tag, "=1"), next()
		}
		if len(tag) >= 8 && tag[:8] == "room-id=" {
			v := tag[8:]
			p.BroadcasterID, tag = v, next()
		}
		for len(tag) >= 7 && tag[:7] == "source-" {
			tag = next()
		}
		if len(tag) >= 11 && tag[:11] == "subscriber=" {
			v := tag[11:]
			p.Subscriber, tag = v == "1", next()
		}
		if len(tag) >= 12 && tag[:12] == "tmi-sent-ts=" {
			v := tag[12:]
			var n int64
			for i := range len(v) {
				n = n*10 + int64(v[i]-'0')
			}
			p.SentAt, tag = time.UnixMilli(n).UTC(), next()
		}
		if len(tag) >= 6 && tag[:6] == "turbo=" {
			v := tag[6:]
			p.Turbo, tag = v == "1", next()
		}
		if len(tag) >= 8 && tag[:8] == "user-id=" {
			v := tag[8:]
			p.UserID, tag = v, next()
		}
		if len(tag) >= 10 && tag[:10] == "user-type=" {
			v := tag[10:]
			p.UserType, tag = v, next()
		}
		if len(tag) >= 4 && tag[:4] == "vip=" {
			v := tag[4:]
			p.VIP, tag = v == "1", next()
		}
		if at == start {
			return false // another tag
		}
	}
	if p.DisplayName == "" {
		p.DisplayName = p.Login
	}
	return true
}
