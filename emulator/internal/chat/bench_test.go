package chat_test

import (
	"context"
	"io"
	"net"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// benchmark runs fn against a client on loopback that reads all it is sent.
func benchmark(b *testing.B, fn func(w *world.World) error) {
	w := world.New(world.Options{NoChatLimits: true})
	for _, u := range []world.User{{ID: "1", Login: "ada"}, {ID: "3", Login: "grace"}} {
		if _, err := w.AddUser(u); err != nil {
			b.Fatal(err)
		}
	}
	s := chat.New(chat.Config{World: w, Auth: tokens, NoLimits: true})
	defer s.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		conn, err := l.Accept()
		if err == nil {
			s.ServeConn(context.Background(), conn)
		}
	}()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.WriteString(conn, "CAP REQ :twitch.tv/tags\r\nNICK justinfan1\r\nJOIN #ada\r\nPING :joined\r\n"); err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, 64<<10)
	for joined := false; !joined; {
		n, err := conn.Read(buf)
		if err != nil {
			b.Fatal(err)
		}
		joined = n > 10 && string(buf[n-9:n-2]) == ":joined"
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.CopyBuffer(io.Discard, struct{ io.Reader }{conn}, buf)
	}()
	b.ReportAllocs()
	for b.Loop() {
		if err := fn(w); err != nil {
			b.Fatal(err)
		}
	}
	_ = conn.Close()
	<-done
}

func BenchmarkReplay(b *testing.B) {
	const line = "@badge-info=;badges=;color=#FF0000;display-name=Grace;emotes=;first-msg=0;flags=;id=00000000-0000-4000-8000-000000000000;mod=0;" +
		"returning-chatter=0;room-id=1;subscriber=0;tmi-sent-ts=1770000000000;turbo=0;user-id=3;user-type= :grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :hello there"
	benchmark(b, func(w *world.World) error { return w.Replay("1", line) })
}

func BenchmarkChat(b *testing.B) {
	benchmark(b, func(w *world.World) error {
		_, err := w.PostChat(world.Post{BroadcasterID: "1", SenderID: "3", Text: "hello there", Unlimited: true})
		return err
	})
}
