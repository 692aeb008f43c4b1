package socket

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
)

// A parcels returns its bytes in pieces of random size, and the error with the last.
type parcels struct {
	io.WriteCloser

	rest   []byte
	err    error
	random *rand.Rand
	calls  int
}

func (p *parcels) Read(b []byte) (int, error) {
	p.calls++
	n := min(len(b), len(p.rest))
	if p.random.IntN(3) == 0 {
		n = p.random.IntN(n + 1)
	}
	copy(b, p.rest[:n])
	if p.rest = p.rest[n:]; len(p.rest) == 0 {
		return n, p.err
	}
	return n, nil
}

func TestBurstReaderReturnsEveryByte(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		want := make([]byte, random.IntN(300_000))
		for i := range want {
			want[i] = byte(random.Uint32())
		}
		source := &parcels{rest: want, err: io.ErrUnexpectedEOF, random: random}
		b := &burstReader{ReadWriteCloser: struct {
			io.Reader
			io.WriteCloser
		}{source, nil}}
		var got []byte
		p := make([]byte, 4096)
		for {
			n, err := b.Read(p[:1+random.IntN(len(p))])
			got = append(got, p[:n]...)
			if err != nil {
				if !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("got %v, want the error of the network", err)
				}
				break
			}
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("seed %d: got %d bytes, want %d, or other ones", seed, len(got), len(want))
		}
		if b.whole != nil {
			t.Errorf("seed %d: it holds a buffer at the end", seed)
		}
	}
}

func TestBurstReaderTakesFewCallsForMuch(t *testing.T) {
	const size = 1 << 20
	source := &parcels{rest: make([]byte, size), err: io.EOF, random: rand.New(rand.NewPCG(1, 1))}
	b := &burstReader{ReadWriteCloser: struct {
		io.Reader
		io.WriteCloser
	}{source, nil}}
	if n, err := io.CopyBuffer(io.Discard, struct{ io.Reader }{b}, make([]byte, 4096)); n != size || err != nil {
		t.Errorf("got %d bytes and %v, want %d", n, err, size)
	}
	if most := 2 * size / burstSize; source.calls > most {
		t.Errorf("got %d calls, want %d at most", source.calls, most)
	}
}
