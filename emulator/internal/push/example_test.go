package push_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/larkspur-dev/larkspur/emulator/internal/push"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// A client connects, subscribes with the id of its session and gets an event.
func Example() {
	w := world.New(world.Options{})
	ada, _ := w.AddUser(world.User{Login: "ada"})
	s := push.New(push.Config{World: w})
	defer s.Close()
	web := httptest.NewServer(s)
	defer web.Close()

	ctx := context.Background()
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(web.URL, "http"), nil) //nolint:bodyclose // the library closes it
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = conn.CloseNow() }()
	var welcome, event message
	_ = wsjson.Read(ctx, conn, &welcome)

	r := push.Request{Type: "stream.online", Version: "1", Condition: map[string]string{"broadcaster_user_id": ada.ID}}
	r.Transport.Method, r.Transport.SessionID = "websocket", welcome.Payload.Session.ID
	sub, err := s.Create(grant(ada.ID), r)
	fmt.Println(sub.Status, sub.Cost, err)

	_, _ = w.GoLive(ada.ID)
	_ = wsjson.Read(ctx, conn, &event)
	fmt.Println(event.Metadata.Kind, event.Metadata.Type)
	// Output:
	// enabled 0 <nil>
	// notification stream.online
}
