package chat

import (
	"net"
	"slices"
	"strings"
	"testing"
)

// Whatever arrives in whatever pieces, the lines are those between the line ends, without
// those that are too long.
func FuzzLineReader(f *testing.F) {
	f.Add("PING :a\r\nPING :b\n\r\n\n", 3)
	f.Add("no end", 1)
	f.Add(strings.Repeat("x", maxLine)+"\r\nshort\r\n", 4096)
	f.Add("\r\r\n\x00\n", 2)
	f.Fuzz(func(t *testing.T, input string, piece int) {
		if piece < 1 || len(input) > 4*maxLine {
			t.Skip()
		}
		client, server := net.Pipe()
		go func() {
			for rest := []byte(input); len(rest) > 0; {
				n := min(piece, len(rest))
				if _, err := client.Write(rest[:n]); err != nil {
					break
				}
				rest = rest[n:]
			}
			_ = client.Close()
		}()
		var got []string
		r := newTCP(server)
		for {
			line, err := r.read(t.Context())
			if err != nil {
				break
			}
			got = append(got, line)
		}
		all := strings.Split(input, "\n")
		var want []string
		for _, line := range all[:len(all)-1] { // the last one has no end
			if len(line) < maxLine {
				want = append(want, strings.TrimRight(line, "\r"))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
