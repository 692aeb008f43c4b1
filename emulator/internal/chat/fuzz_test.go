package chat_test

import (
	"context"
	"io"
	"net"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// Whatever a client sends, the server neither panics nor hangs.
func FuzzConnection(f *testing.F) {
	for _, s := range []string{
		"", "\n", "\r\n\r\n", "NICK justinfan1\r\nJOIN #ada\r\nPRIVMSG #ada :hi\r\n", "PASS oauth:grace\r\nNICK grace\r\nJOIN #ada,#bob,,#\r\nPART #ada\r\n",
		"PASS oauth:grace\nNICK grace\nPRIVMSG #ada :\x01ACTION \x01\n@reply-parent-msg-id=x;client-nonce=\\ PRIVMSG #ada /\n", "CAP REQ :\r\nCAP\r\nCAP LS 302\r\nQUIT",
	} {
		f.Add([]byte(s))
	}
	w := world.New(world.Options{NoChatLimits: true})
	for _, u := range []world.User{{ID: "1", Login: "ada"}, {ID: "3", Login: "grace"}} {
		if _, err := w.AddUser(u); err != nil {
			f.Fatal(err)
		}
	}
	s := chat.New(chat.Config{World: w, Auth: tokens, NoLimits: true})
	f.Cleanup(s.Close)
	f.Fuzz(func(_ *testing.T, input []byte) {
		client, server := net.Pipe()
		served, read := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(served)
			s.ServeConn(context.Background(), server)
		}()
		go func() {
			defer close(read)
			_, _ = io.Copy(io.Discard, client)
		}()
		_, _ = client.Write(append(input, "\r\nQUIT\r\n"...)) // fails when the server hangs up first
		<-read
		_ = client.Close()
		<-served
	})
}
