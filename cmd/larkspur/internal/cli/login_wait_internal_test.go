package cli

import (
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/oauth"
)

// Events that end the wait for a browser, and events that do not.
func TestBrowserWait(t *testing.T) {
	ask := loginAsk{scopes: oauth.NewScopeSet("chat:read"), who: "ada", id: "7"}
	ours := oauth.Login{Scopes: ask.scopes, UserID: "7"}
	for _, tt := range []struct {
		name  string
		login oauth.Login
		err   error
		want  string // of the error; empty: it goes on
		said  string
	}{
		{"no", ours, &oauth.Error{Code: "access_denied"}, "the request was denied on Twitch's page", ""},
		{"late", ours, oauth.ErrState, "more than ten minutes", ""},
		{"no network", ours, errors.New("no route"), "no route", ""},
		{"another account", ours, oauth.ErrOtherUser, "", "another account than ada; nothing was stored. Change the account on twitch.tv and try again: the address above still works"},
		{"too little", ours, oauth.ErrNotGranted, "", "not all requested scopes were granted"},
		{"refused", ours, oauth.ErrNotWelcome, "", ""}, // said when it was
		{"a login that was started elsewhere", oauth.Login{UserID: "8"}, &oauth.Error{Code: "access_denied"}, "", ""},
	} {
		out := new(strings.Builder)
		p := proc(nil)
		p.Stdout = out
		w := newBrowserWait(p, ask)
		w.failed(t.Context(), tt.login, tt.err)
		w.failed(t.Context(), tt.login, tt.err) // never blocks
		got := ""
		select {
		case err := <-w.over:
			got = err.Error()
		default:
		}
		if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) || !strings.Contains(out.String(), tt.said) || tt.said == "" && out.Len() > 0 {
			t.Errorf("%s: got %q and %q, want %q and %q", tt.name, got, out, tt.want, tt.said)
		}
	}
}

// Two windows, two accounts: the first accepted account wins, and may log in again.
func TestBrowserWaitTakesOne(t *testing.T) {
	p := proc(nil)
	p.Stdout = new(strings.Builder)
	w := newBrowserWait(p, loginAsk{not: "ada"})
	for _, tt := range []struct {
		login, id string
		good      bool
	}{{"ada", "7", false}, {"bot", "1", true}, {"grace", "2", false}, {"bot", "1", true}} {
		if err := w.accept(t.Context(), oauth.Identity{Login: tt.login, UserID: tt.id}); (err == nil) != tt.good {
			t.Errorf("%s: got %v, want good: %v", tt.login, err, tt.good)
		}
	}
}

// A port is in use if another program listens on its IPv4 or IPv6 address.
func TestListenHere(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		other, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
		if err != nil {
			t.Logf("%s: there is none here: %v", address, err)
			continue
		}
		_, port, err := net.SplitHostPort(other.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if got, err := listenHere(t.Context(), port); err == nil || !strings.Contains(err.Error(), "in use by another program") {
			t.Errorf("%s: got %v, want \"in use\"", address, err)
			_ = closeAll(got)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := listenHere(t.Context(), port)
		if err != nil {
			t.Fatal(err)
		}
		if err := closeAll(got); err != nil {
			t.Error(err)
		}
	}
}
