package cli_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/cli"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A stopper is standard error of a command that follows events or chat: it stops the
// command as Ctrl-C does when a text was printed.
type stopper struct {
	stop context.CancelFunc
	at   string // the text at which it stops

	mu  sync.Mutex
	all bytes.Buffer // guarded by mu
}

func (s *stopper) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all.Write(p); strings.Contains(s.all.String(), s.at) {
		s.stop()
	}
	return len(p), nil
}

// Every command of the guide to events works.
func TestEventsGuideCommands(t *testing.T) {
	t.Parallel()
	var text []byte
	for _, name := range []string{"watching-events.md", "many-channels.md"} {
		guide, err := os.ReadFile("../../../../docs/guides/" + name)
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, guide...)
	}
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.NoLimits())
	state := t.TempDir()
	store, err := oauth.OpenFileStore(state + "/tokens.json") // the first command imports it
	if err != nil {
		t.Fatal(err)
	}
	tokens := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), store, oauth.Options{BaseURL: tw.OAuthURL()})
	if _, err := tokens.Add(t.Context(), oauth.Token{AccessToken: oauth.Secret(tw.UserToken("ada", "moderator:read:followers", "user:read:chat"))}); err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{
		"TWITCH_CLIENT_ID": tw.ClientID(), "TWITCH_CLIENT_SECRET": tw.ClientSecret(), "LARKSPUR_TWITCH": tw.URL(), "LARKSPUR_STATE": state,
	}
	listen := freeAddress(t)
	words := func(line, conduit, subscription string) []string {
		return words(t, line, "CALLBACK=http://"+listen+"/eventsub", "LISTEN="+listen, "CONDUIT="+conduit, "SUBSCRIPTION="+subscription)
	}
	conduit, commands := "", 0
	_, subscription := subscribed(t, tw)
	for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			rest, ok := strings.CutPrefix(strings.TrimSpace(line), "larkspur ")
			if !ok {
				t.Errorf("%q is no command of larkspur", line)
				continue
			}
			commands++
			ctx, cancel := context.WithCancel(t.Context())
			var out bytes.Buffer
			errOut := &stopper{stop: cancel, at: "  subscribed to "}
			code := cli.Main(ctx, cli.Process{
				Args: words(rest, conduit, subscription), Stdin: strings.NewReader(""), Stdout: &out, Stderr: errOut,
				Getenv: func(name string) (string, bool) { v, ok := variables[name]; return v, ok },
			})
			live := ctx.Err() != nil
			cancel()
			if code != 0 || (out.Len() == 0 && !live) {
				t.Errorf("%sgot exit code %d, output %q and errors %q", line, code, out.String(), errOut.all.String())
			}
			switch {
			case strings.HasPrefix(rest, "conduit create"):
				conduit = strings.TrimSpace(out.String())
			case strings.HasPrefix(rest, "conduit delete"): // the other guide needs one
				conduit, _ = subscribed(t, tw)
			}
		}
	}
	if commands < 20 {
		t.Errorf("got %d commands in the guide, want more", commands)
	}
}

// subscribed gives the application a conduit with a subscription.
func subscribed(t *testing.T, tw *emulator.Server) (conduit, subscription string) {
	t.Helper()
	client := helix.New(tw.ClientID(), helix.StaticToken("", tw.AppToken()), helix.Options{BaseURL: tw.HelixURL()})
	made, err := client.Conduits.Create(t.Context(), helix.CreateConduitsParams{ShardCount: 1})
	if err != nil {
		t.Fatal(err)
	}
	sub, err := client.EventSub.CreateSubscription(t.Context(), helix.CreateEventSubSubscriptionParams{
		Type: "stream.online", Version: "1", Condition: map[string]string{"broadcaster_user_id": tw.UserID("ada")},
		Transport: helix.EventSubTransport{Method: helix.TransportMethodConduit, ConduitID: made.ID},
	})
	if err != nil {
		t.Fatal(err)
	}
	return made.ID, sub.ID
}

// freeAddress returns an address of this machine that nothing uses.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
