package secrets_test

import (
	"context"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/watch"
)

// blow panics with a token, and has tokens in its stack frame.
//
//go:noinline
func blow(client oauth.Client, token oauth.Token, plain string) {
	if plain != "" {
		panic(token)
	}
	blow(client, token, plain+client.ClientID)
}

func blown() {
	c := oauth.Client{ClientID: "client", ClientSecret: secret}
	blow(c, oauth.Token{AccessToken: secret + "access", Scopes: oauth.NewScopeSet("chat:read")}, "")
}

// A handler's panic is logged with its value and the stack, without secrets.
func TestPanicsHoldNoSecrets(t *testing.T) {
	var s said
	mux := eventsub.NewMux(eventsub.MuxOptions{Logger: s.logger()})
	mux.Use(eventsub.Log(slog.New(slog.NewJSONHandler(&s, nil))))
	eventsub.On(mux, func(context.Context, *eventsub.ChannelFollow) error { blown(); return nil })
	s.fails(mux.Dispatch(t.Context(), eventsub.Notification{Type: eventsub.ChannelFollow{}.Type(), Event: []byte(`{"broadcaster_user_id": "1"}`)}))
	if err := mux.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.want(t, "a handler of events")
	if text := s.text.String(); !strings.Contains(text, "secrets_test.blow") {
		t.Errorf("got %q, want the stack", text)
	}

	var web said
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { blown() }))
	server.Config.ErrorLog = log.New(&web, "", 0)
	server.Start()
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/?code="+secret, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if res, err := http.DefaultClient.Do(r); err == nil {
		_ = res.Body.Close()
		t.Error("got an answer of a handler that panics")
	}
	server.Close()
	web.want(t, "a web server")
}

// The other packages recover panics of their handlers in their own code.
func TestPanicsOfOtherHandlersHoldNoSecrets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.Channel("bob"))
		var chat, streams said
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()

		c := irc.New(irc.Options{Channels: []string{"ada"}, Addr: tw.IRCAddr(), Dial: tw.DialContext, Logger: chat.logger()})
		irc.On(c, func(context.Context, *irc.PrivMsg) error { blown(); return nil })
		client := helix.New(tw.ClientID(), helix.StaticToken("", tw.AppToken()), helix.Options{BaseURL: tw.HelixURL(), HTTPClient: tw.HTTPClient()})
		w := watch.New(client, []string{tw.UserID("ada")}, watch.Options{
			Logger:   streams.logger(),
			OnChange: func(context.Context, watch.Change) error { blown(); return nil },
		})
		done := make(chan error, 2)
		go func() { done <- c.Run(ctx) }()
		go func() { done <- w.Run(ctx) }()
		time.Sleep(time.Minute)
		tw.Say("ada", "bob", "hello")
		tw.GoLive("ada")
		<-done
		<-done
		for where, s := range map[string]*said{"a chat handler": &chat, "a watch handler": &streams} {
			s.want(t, where)
			if text := s.text.String(); !strings.Contains(text, "secrets_test.blow") {
				t.Errorf("%s: got %q, want the stack", where, text)
			}
		}
	})
}
