package link_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/emulator/internal/link"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Example() {
	client, server := net.Pipe()
	conn := link.New(server)
	conn.Tear()
	go func() { _, _ = conn.Write([]byte("one\ntwo\n")) }()
	got, _ := io.ReadAll(client)
	fmt.Printf("%q\n", got)
	// Output: "one"
}

func TestHalfOpen(t *testing.T) {
	client, server := net.Pipe()
	conn := link.New(server)
	read := make(chan error)
	go func() {
		_, err := conn.Read(make([]byte, 10))
		read <- err
	}()
	drained := make(chan struct{})
	drain := conn.HalfOpen()
	go func() {
		defer close(drained)
		drain(t.Context())
	}()
	if _, err := client.Write([]byte("lost")); err != nil {
		t.Errorf("got %v, want a client that takes the connection for open", err)
	}
	if n, err := conn.Write([]byte("lost")); n != 4 || err != nil || !conn.Dead() {
		t.Errorf("got %d, %v", n, err)
	}
	conn.HalfOpen()(t.Context()) // a second call does nothing
	_ = conn.Close()
	if err := <-read; !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
	if _, err := client.Write([]byte("lost")); err != nil {
		t.Errorf("after Close: got %v, want a client that takes the connection for open", err)
	}
	_ = client.Close()
	<-drained
}
