package examples_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/examples/recipes"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/oauth"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for something that normally happens at once, because
// the machine may be busy.
const patience = time.Minute

// run runs one of the configurations as the account ada in the channel of ada,
// and returns when the bot is up.
func run(t *testing.T, tw *emulator.Server, file string, more map[string]string, team http.RoundTripper) {
	t.Helper()
	vars := map[string]string{
		"TWITCH_CLIENT_ID": tw.ClientID(), "TWITCH_CLIENT_SECRET": tw.ClientSecret(), "TWITCH_CHANNEL": "ada",
	}
	maps.Copy(vars, more)
	src, err := recipes.Files.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	load := func() *daemon.Config {
		cfg, err := daemon.Load(file, src, daemon.LoadOptions{LookupEnv: func(name string) (string, bool) {
			value, ok := vars[name]
			return value, ok
		}})
		if err != nil {
			t.Fatal(err)
		}
		return cfg
	}
	scopes := load().Scopes().All()
	vars["TWITCH_CODE"] = tw.AuthorizationCode("ada", "http://localhost", scopes...)

	ctx, cancel := context.WithCancel(t.Context())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- daemon.Run(ctx, load(), daemon.Options{
			Addresses: daemon.Addresses{
				Helix: tw.HelixURL(), OAuth: tw.OAuthURL(), EventSub: tw.EventSubURL(), IRC: tw.IRCAddr(),
			},
			HTTPClient: tw.HTTPClient(), Dial: tw.DialContext, RelayClient: &http.Client{Transport: team},
			Observer: daemon.Observer{
				Ready: func() { close(ready) },
				Note:  func(text string) { t.Log(text) },
			},
		})
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the bot ended with %v, want no error", err)
			}
		case <-time.After(patience):
			t.Error("the bot runs on after its context ended")
		}
	})
	select {
	case <-ready:
	case err := <-ended:
		ended <- nil
		t.Fatalf("the bot ended with %v", err)
	case <-time.After(patience):
		t.Fatal("the bot is not up")
	}
}

// eventually waits until a condition holds. It is for bubbles, where waiting
// takes no time.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, patience)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// A roundTripper answers requests in place of a server.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAnnounceLive(t *testing.T) {
	posted := make(chan string, 10)
	team := roundTripper(func(r *http.Request) (*http.Response, error) {
		body, _ := io.ReadAll(r.Body)
		var message struct{ Text string }
		_ = json.Unmarshal(body, &message)
		posted <- r.Method + " " + message.Text
		return httptest.NewRecorder().Result(), nil
	})
	tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
	tw.SetTitle("ada", "Chess until I lose")
	run(t, tw, "announce-live.yaml", map[string]string{"TEAM_URL": "https://team.example/hook"}, team)

	tw.GoLive("ada")
	select {
	case got := <-posted:
		if want := "POST I'm live on Twitch, come and see: Chess until I lose"; got != want {
			t.Errorf("the other chat got %q, want %q", got, want)
		}
	case <-time.After(patience):
		t.Fatal("the other chat got nothing")
	}
}

func TestThankFollowers(t *testing.T) { synctest.Test(t, testThankFollowers) }

func testThankFollowers(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.Live("ada"))
	run(t, tw, "thank-followers.yaml", nil, nil)

	tw.Follow("ada", "grace")
	tw.WantChat(t, "ada", "Thank you so much for the follow grace, you are awesome!")
}

// The bot is not in chat while the stream is offline, joins when it starts and
// leaves when it ends.
func TestChatOnlyWhileLive(t *testing.T) { synctest.Test(t, testChatOnlyWhileLive) }

func testChatOnlyWhileLive(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
	run(t, tw, "thank-followers.yaml", nil, nil)
	if tw.IsInChat("ada", "ada") {
		t.Fatal("the bot is in chat while the stream is offline")
	}
	tw.GoLive("ada")
	eventually(t, "the bot joins", func() bool { return tw.IsInChat("ada", "ada") })
	tw.Follow("ada", "grace")
	tw.WantChat(t, "ada", "Thank you so much for the follow grace, you are awesome!")
	tw.GoOffline("ada")
	eventually(t, "the bot leaves", func() bool { return !tw.IsInChat("ada", "ada") })
}

func TestBanSpam(t *testing.T) { synctest.Test(t, testBanSpam) }

func testBanSpam(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
	run(t, tw, "ban-spam.yaml", nil, nil)

	// Another user in chat, who sees the same as all viewers.
	cleared := make(chan string, 10)
	watcher := irc.New(irc.Options{Addr: tw.IRCAddr(), Dial: tw.DialContext, Channels: []string{"ada"}})
	irc.On(watcher, func(_ context.Context, m *irc.ClearChat) error { cleared <- "CLEARCHAT " + m.Login; return nil })
	joined := make(chan struct{})
	irc.On(watcher, func(context.Context, *irc.RoomState) error {
		select {
		case <-joined:
		default:
			close(joined)
		}
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = watcher.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	<-joined

	harmless := tw.Say("ada", "grace", "I am not famous? Never mind")
	spam := tw.Say("ada", "spammer", "wanna become FAMOUS? buy followers on example dot com")

	select {
	case got := <-cleared:
		if got != "CLEARCHAT spammer" {
			t.Errorf("the other connection saw %q, want CLEARCHAT spammer", got)
		}
	case <-time.After(patience):
		t.Fatal("got no ban")
	}
	client := helix.New(tw.ClientID(), helix.StaticToken(tw.UserID("ada"), tw.UserToken("ada", "moderation:read")),
		helix.Options{BaseURL: tw.HelixURL(), HTTPClient: tw.HTTPClient()})
	page, err := client.Moderation.GetBannedUsers(t.Context(), helix.GetBannedUsersParams{BroadcasterID: tw.UserID("ada")})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Items) != 1 || page.Items[0].UserLogin != "spammer" || page.Items[0].Reason != "spam" {
		t.Errorf("Get Banned Users says %+v, want spammer for spam", page.Items)
	}
	eventually(t, "the advertisement is deleted", func() bool { return !tw.HasMessage("ada", spam) })
	if !tw.HasMessage("ada", harmless) {
		t.Error("a harmless message was deleted")
	}
}

func TestTitle(t *testing.T) {
	for _, file := range []string{"title-for-some.yaml", "title-by-list.yaml"} {
		t.Run(file, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.Live("ada"))
				before := tw.Title("ada")
				run(t, tw, file, nil, nil)

				tw.Say("ada", "mallory", "!title Mallory was here")
				tw.Say("ada", "grace", "!title Chess until I lose")
				eventually(t, "the title changes", func() bool { return tw.Title("ada") != before })
				if got, want := tw.Title("ada"), "Chess until I lose"; got != want {
					t.Errorf("the title is %q, want %q", got, want)
				}
				client := helix.New(tw.ClientID(), appToken(tw.AppToken()), helix.Options{BaseURL: tw.HelixURL(), HTTPClient: tw.HTTPClient()})
				channels, err := client.Channels.Get(t.Context(), helix.GetChannelInformationParams{BroadcasterIDs: []string{tw.UserID("ada")}})
				if err != nil || len(channels) != 1 || channels[0].Title != "Chess until I lose" {
					t.Errorf("Get Channel Information says %+v, %v", channels, err)
				}
			})
		})
	}
}

type appToken string

func (a appToken) Token(context.Context, string) (string, error) { return string(a), nil }

// Every configuration in the folder has a test above.
func TestEveryRecipeIsTested(t *testing.T) {
	files, err := recipes.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	tested := []string{"announce-live.yaml", "ban-spam.yaml", "thank-followers.yaml", "title-by-list.yaml", "title-for-some.yaml"}
	for _, f := range files {
		if !slices.Contains(tested, f.Name()) {
			t.Errorf("%s has no test", f.Name())
		}
	}
}

// A code that was used is refused, with a message that explains how to get a new one.
func TestUsedCode(t *testing.T) { synctest.Test(t, testUsedCode) }

func testUsedCode(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
	code := tw.AuthorizationCode("ada", "http://localhost")
	manager := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), oauth.NewMemoryStore(), oauth.Options{BaseURL: tw.OAuthURL(), HTTPClient: tw.HTTPClient()})
	if _, err := manager.AddCode(t.Context(), oauth.Secret(code), "http://localhost"); err != nil {
		t.Fatal(err)
	}
	src, _ := recipes.Files.ReadFile("thank-followers.yaml")
	vars := map[string]string{"TWITCH_CLIENT_ID": tw.ClientID(), "TWITCH_CLIENT_SECRET": tw.ClientSecret(), "TWITCH_CHANNEL": "ada", "TWITCH_CODE": code}
	cfg, err := daemon.Load("bot.yaml", src, daemon.LoadOptions{LookupEnv: func(name string) (string, bool) { v, ok := vars[name]; return v, ok }})
	if err != nil {
		t.Fatal(err)
	}
	err = daemon.Run(t.Context(), cfg, daemon.Options{
		Addresses:  daemon.Addresses{Helix: tw.HelixURL(), OAuth: tw.OAuthURL(), EventSub: tw.EventSubURL(), IRC: tw.IRCAddr()},
		HTTPClient: tw.HTTPClient(), Dial: tw.DialContext,
	})
	if err == nil || !strings.Contains(err.Error(), "codes work once") || !strings.Contains(err.Error(), "/oauth2/authorize?") || strings.Contains(err.Error(), code) {
		t.Errorf("got %v, want a sentence that says where to get a new code and does not show the old one", err)
	}
}
