package relay_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
)

// A discordServer answers in place of Discord, and records requests.
type discordServer struct {
	busy  int // answers 429 this often
	posts []string
}

func (d *discordServer) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	d.posts = append(d.posts, fmt.Sprintf("%s %s %s %s", r.Method, r.URL, r.Header.Get("Content-Type"), body))
	w := httptest.NewRecorder()
	w.WriteHeader(http.StatusNoContent)
	if d.busy > 0 {
		d.busy--
		w = httptest.NewRecorder()
		w.Header().Set("Retry-After", "2")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	return w.Result(), nil
}

// An address copied from Discord's client works, with the request that Discord expects.
func TestPastedDiscordAddressBecomesAMessage(t *testing.T) {
	const token = "abcDEF-_123456789012345678901234567890"
	for _, tt := range []struct{ address, want string }{
		{"https://discord.com/api/webhooks/1234567890/" + token, "https://discord.com/api/webhooks/1234567890/" + token},
		{"https://discordapp.com/api/webhooks/1234567890/" + token + "/", "https://discordapp.com/api/webhooks/1234567890/" + token + "/"},
		{"https://ptb.discord.com/api/webhooks/1234567890/" + token, "https://ptb.discord.com/api/webhooks/1234567890/" + token},
		{"https://canary.discord.com/api/v10/webhooks/1234567890/" + token, "https://canary.discord.com/api/v10/webhooks/1234567890/" + token},
		{"http://Discord.com/api/webhooks/1234567890/" + token + "?thread_id=7&x=y", "https://Discord.com/api/webhooks/1234567890/" + token + "?thread_id=7"},
	} {
		d := &discordServer{}
		if err := send(t, tt.address, "Hi @everyone: \"live\"!", relay.Options{HTTPClient: &http.Client{Transport: d}}); err != nil {
			t.Errorf("%s: got %v, want none", tt.address, err)
		}
		want := []string{"POST " + tt.want + ` application/json {"content":"Hi @everyone: \"live\"!","allowed_mentions":{"parse":[]}}`}
		if diff := cmp.Diff(want, d.posts); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.address, diff)
		}
	}
}

// An address that ends in /slack gets the JSON that Slack accepts.
func TestDiscordAddressForSlackIsNotChanged(t *testing.T) {
	d := &discordServer{}
	const address = "https://discord.com/api/webhooks/1/t0ken/slack"
	if err := send(t, address, "hi", relay.Options{HTTPClient: &http.Client{Transport: d}}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"POST " + address + ` application/json {"text":"hi"}`}, d.posts); diff != "" {
		t.Errorf("posts (-want +got):\n%s", diff)
	}
}

func TestLongTextToDiscordIsSplitAtSpaces(t *testing.T) {
	d := &discordServer{}
	text := strings.TrimSpace(strings.Repeat("größer ", 600))
	if err := send(t, "https://discord.com/api/webhooks/1/t0ken", text, relay.Options{HTTPClient: &http.Client{Transport: d}}); err != nil {
		t.Fatal(err)
	}
	if len(d.posts) != 3 {
		t.Errorf("got %d posts, want 3", len(d.posts))
	}
	for _, p := range d.posts {
		if !strings.Contains(p, `{"content":"größer`) || !strings.Contains(p, `größer","allowed`) {
			t.Errorf("a word was cut: %s", p)
		}
	}
}

// Discord's rate limit delays a message; it does not lose it.
func TestDiscordRateLimitDelaysTheMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &discordServer{busy: 2}
		started := time.Now()
		o := relay.Options{HTTPClient: &http.Client{Transport: d}}
		if err := send(t, "https://discord.com/api/webhooks/1/t0ken", "hi", o); err != nil || time.Since(started) != 4*time.Second {
			t.Errorf("got %v after %s, want a message after 4s", err, time.Since(started))
		}
		d.busy = 100
		if err := send(t, "https://discord.com/api/webhooks/1/t0ken", "hi", o); err == nil || !strings.Contains(err.Error(), "429") {
			t.Errorf("got %v, want 429 when the time is up", err)
		}
	})
}
