package chat_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// An anonymous client joins a channel and reads what a viewer says.
func Example() {
	w := world.New(world.Options{})
	ada, _ := w.AddUser(world.User{Login: "ada"})
	grace, _ := w.AddUser(world.User{Login: "grace"})
	s := chat.New(chat.Config{World: w, Auth: tokens})
	defer s.Close()

	client, server := net.Pipe()
	go s.ServeConn(context.Background(), server)
	go func() { _, _ = io.WriteString(client, "NICK justinfan1\r\nJOIN #ada\r\n") }()
	lines := bufio.NewScanner(client)
	for joined := false; !joined && lines.Scan(); {
		joined = strings.HasSuffix(lines.Text(), " 366 justinfan1 #ada :End of /NAMES list")
	}
	_, _ = w.PostChat(world.Post{BroadcasterID: ada.ID, SenderID: grace.ID, Text: "Hello!"})
	lines.Scan()
	fmt.Println(lines.Text())
	// Output: :grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :Hello!
}
