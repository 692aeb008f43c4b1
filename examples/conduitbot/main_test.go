package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
)

// as is a browser of a user who agrees.
type as string

func (login as) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(r.URL.Path, "/oauth/") || strings.HasSuffix(r.URL.Path, "/authorize") {
		q := r.URL.Query()
		q.Set("larkspur_user", string(login))
		r.URL.RawQuery = q.Encode()
	}
	return http.DefaultTransport.RoundTrip(r)
}

func (login as) visit(t *testing.T, address string) {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, Transport: login}
	res, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
}

func TestChannelsComeAndGo(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.Channel("grace"), emulator.User("larkspur"), emulator.ApproveAs("larkspur"))
	routes := http.NewServeMux()
	site := httptest.NewServer(routes)
	defer site.Close()
	env := map[string]string{
		"TWITCH_CLIENT_ID": tw.ClientID(), "TWITCH_CLIENT_SECRET": tw.ClientSecret(), "TWITCH_SERVER": tw.URL(),
		"BOT": "larkspur", "ADDRESS": site.URL,
	}
	read, write := io.Pipe()
	app, err := newApp(func(name string) string { return env[name] }, "", filepath.Join(t.TempDir(), "tokens.json"), write)
	if err != nil {
		t.Fatal(err)
	}
	routes.Handle("/oauth/", app)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- app.Run(ctx) }()
	lines := bufio.NewScanner(read)
	want := func(text string) {
		t.Helper()
		if lines.Scan(); !strings.HasPrefix(lines.Text(), text) {
			t.Fatalf("got %q, want %q", lines.Text(), text)
		}
	}
	want("ready: channels are added at " + site.URL)
	as("larkspur").visit(t, app.BotLoginURL())
	for _, channel := range []string{"ada", "grace"} {
		as(channel).visit(t, app.LoginURL())
		want("added " + tw.UserID(channel))
		tw.Say(channel, "robin", "!hello")
		tw.WantChat(t, channel, "Hello robin, this is the channel of "+channel+"!")
	}
	tw.Disconnect("ada")
	want("removed " + tw.UserID("ada"))
	stop()
	if err := <-done; err != nil {
		t.Errorf("run: got %v, want none", err)
	}
}
