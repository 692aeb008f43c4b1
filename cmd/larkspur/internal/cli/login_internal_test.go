package cli

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// The scopes that a login requests without a configuration.
func TestPlainAsk(t *testing.T) {
	ada := oauth.User{ID: "1", Login: "ada", Scopes: oauth.NewScopeSet("channel:manage:polls")}
	grace := oauth.User{ID: "2", Login: "grace", Scopes: oauth.NewScopeSet("clips:edit")}
	const chat = "chat:edit chat:read user:read:chat user:write:chat"
	for _, tt := range []struct {
		name  string
		flags loginFlags
		users []oauth.User
		want  string
	}{
		{"nothing said", loginFlags{}, nil, chat},
		{"no flags, one account has logged in", loginFlags{}, []oauth.User{ada}, chat},
		{"scopes", loginFlags{scopes: []string{"chat:read", "clips:edit"}}, []oauth.User{ada}, "chat:read clips:edit"},
		{"scopes with spaces, and an old name", loginFlags{scopes: []string{"chat:read clips:edit", "chat_login"}}, nil, "chat:edit chat:read clips:edit"},
		{"more for the only one", loginFlags{add: []string{"chat:read"}}, []oauth.User{ada}, "channel:manage:polls chat:read"},
		{"more for one of two, unknown which", loginFlags{add: []string{"chat:read"}}, []oauth.User{ada, grace}, "chat:read"},
		{"more for one of two", loginFlags{add: []string{"chat:read"}, user: "@Grace"}, []oauth.User{ada, grace}, "chat:read clips:edit"},
		{"scopes for one of two", loginFlags{scopes: []string{"chat:read"}, user: "grace"}, []oauth.User{ada, grace}, "chat:read clips:edit"},
		{"only these", loginFlags{scopes: []string{"chat:read"}, user: "grace", only: true}, []oauth.User{ada, grace}, "chat:read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			asks := tt.flags.asks(nil, tt.users)
			if len(asks) != 1 || asks[0].scopes.String() != tt.want {
				t.Errorf("got %+v, want one for %s", asks, tt.want)
			}
		})
	}
}

func TestBrowserCommand(t *testing.T) {
	const address = "https://www.twitch.tv/activate?a=b&c=d"
	for _, tt := range []struct {
		goos, screen string
		want         []string
	}{
		{"windows", "", []string{"rundll32", "url.dll,FileProtocolHandler", address}},
		{"darwin", "", []string{"open", address}},
		{"linux", "DISPLAY", []string{"xdg-open", address}},
		{"freebsd", "WAYLAND_DISPLAY", []string{"xdg-open", address}},
		{"linux", "", nil}, // over ssh
	} {
		got := browserCommand(tt.goos, func(name string) bool { return name == tt.screen }, address)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.goos, got, tt.want)
		}
	}
}

func TestBrowserGetsNoSecrets(t *testing.T) {
	got := withoutSecrets([]string{"HOME=/h", "TWITCH_CLIENT_SECRET=a", "LARKSPUR_TOKEN_KEY=b", "DISPLAY=:0", "LARKSPUR_STATE=s"})
	if want := []string{"HOME=/h", "DISPLAY=:0", "LARKSPUR_STATE=s"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLocalURL(t *testing.T) {
	for address, good := range map[string]bool{
		defaultLoginRedirect:             true,
		"http://127.0.0.1:8080/back":     true,
		"http://localhost":               false, // opsdroid's: port 80, no path
		"http://localhost:4343/":         false,
		"http://localhost:4343/x?y=z":    false,
		"https://localhost:4343/x":       false, // there is no certificate
		"http://0.0.0.0:4343/x":          false,
		"http://example.org:4343/x":      false,
		"http://localhost:99999/x":       false,
		"http://localhost:4343@evil/x":   false,
		"http://localhost.evil:4343/x":   false,
		"http://user@localhost:4343/x":   false,
		"http://localhost:4343/x#access": false,
	} {
		if _, err := localURL(address); (err == nil) != good {
			t.Errorf("%s: got %v, want good: %v", address, err, good)
		}
	}
}

func TestClock(t *testing.T) {
	sent := time.Date(2026, 1, 2, 3, 4, 5, 900_000_000, time.UTC)
	got := sent.Add(200 * time.Millisecond)
	for _, tt := range []struct {
		off  time.Duration // of the other clock
		want string
	}{
		{0, "agrees"},
		{20 * time.Second, "agrees"},
		{-20 * time.Second, "agrees"},
		{time.Hour, "59m59s slow"},
		{-time.Hour, "1h0m0s fast"},
	} {
		f := clock(sent.Add(tt.off).Truncate(time.Second), sent, got)
		if ok := f.Mark == markOK; ok != (tt.want == "agrees") || !strings.Contains(f.Text, tt.want) {
			t.Errorf("%s: got %v, want %s", tt.off, f, tt.want)
		}
	}
}

// Token files of other programs are read or refused; an error does not quote the file.
func FuzzImport(f *testing.F) {
	for _, seed := range []string{
		`[{"access_token":"canarysecret","user_id":"1"}]`, `[{"access_token":"canarysecret"`, `[1]`, `[]`, `{}`, ``,
		`{"access_token":"canarysecret","scope":["chat:read"]}`, `{"1":{"token":"canarysecret","refresh":"canarysecret"}}`,
		"ACCESSTOKEN=canarysecret\nCLIENTSECRET=canarysecret", `{"access_token":canarysecret}`, `{"a":{}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tokens, _, err := decodeTokens(formatOf(data), data)
		if err != nil && strings.Contains(err.Error(), "canarysecret") {
			t.Errorf("the error quotes the file: %v", err)
		}
		if err == nil && len(tokens) == 0 {
			t.Error("got no tokens, want an error")
		}
	})
}
