package irc_test

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/irc"
)

const benchLine = "@badge-info=subscriber/44;badges=subscriber/36,glhf-pledge/1;color=#00B8FF;display-name=Grace;emotes=25:0-4;first-msg=0;flags=;" +
	"id=23170831-f16f-d308-d7c8-6d53631fa72f;mod=0;returning-chatter=0;room-id=1001;subscriber=1;tmi-sent-ts=1640995200756;turbo=0;user-id=2002;user-type= " +
	":grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :Kappa that was a very good game, thank you all"

func BenchmarkPrivMsgReused(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(benchLine)))
	var p irc.PrivMsg
	for b.Loop() {
		m, err := irc.Parse(benchLine)
		if err != nil {
			b.Fatal(err)
		}
		if err := p.Decode(&m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrivMsgKept(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(benchLine)))
	line := []byte(benchLine)
	var kept *irc.PrivMsg
	for b.Loop() {
		m, err := irc.Parse(string(line))
		if err != nil {
			b.Fatal(err)
		}
		kept = new(irc.PrivMsg)
		if err := kept.Decode(&m); err != nil {
			b.Fatal(err)
		}
	}
	_ = kept
}

// BenchmarkClient is chat from the socket to the handler, over loopback TCP.
func BenchmarkClient(b *testing.B) {
	ln, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	flood := make(chan int)
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		go func() { _, _ = io.Copy(io.Discard, conn) }()
		_, _ = io.WriteString(conn, ":tmi.twitch.tv 001 x :Welcome\r\n")
		batch := strings.Repeat(benchLine+"\r\n", 100)
		for n := range flood {
			for ; n > 0; n -= 100 {
				if _, err := io.WriteString(conn, batch); err != nil {
					return
				}
			}
		}
	}()

	connected, done := make(chan struct{}), make(chan struct{})
	want := (b.N + 99) / 100 * 100
	c := irc.New(irc.Options{Addr: "irc://" + ln.Addr().String(), OnState: func(st irc.State) {
		if st.Kind == irc.Connected {
			close(connected)
		}
	}})
	n := 0
	irc.On(c, func(context.Context, *irc.PrivMsg) error {
		if n++; n == want {
			close(done)
		}
		return nil
	})
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error)
	go func() { ended <- c.Run(ctx) }()
	<-connected
	b.SetBytes(int64(len(benchLine)) + 2)
	b.ReportAllocs()
	b.ResetTimer()
	flood <- want
	<-done
	b.StopTimer()
	close(flood)
	cancel()
	<-ended
}
