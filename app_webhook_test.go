package larkspur_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A hook passes the requests of the emulator to an App.
type hook struct{ app atomic.Pointer[larkspur.App] }

func (h *hook) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	h.app.Load().ServeHTTP(rec, r)
	return rec.Result(), nil
}

// A webhook service receives logins and events on one server.
func TestWebhookAppAddsAndRemovesChannels(t *testing.T) {
	h := new(hook)
	onStage(t, func(t *testing.T, s *stage) {
		app := larkspur.NewWebhookApp(s.tw.ClientID(), s.tw.ClientSecret(), s.store, "https://bot.test/eventsub", s.appOptions(larkspur.AppOptions{}))
		h.app.Store(app)
		s.watch(app.Mux)
		r := s.run(app.Run)
		s.ready(app.Ready)
		if page := s.open(app, app.LoginURL()); !strings.Contains(page, "You are logged in") {
			t.Errorf("the page after the login: got\n%s", page)
		}
		time.Sleep(time.Minute) // the callback is verified
		s.want("added ada: channel.follow subscribed, stream.online subscribed")
		s.tw.GoLive("ada")
		s.tw.Follow("ada", "grace")
		s.want("online ada", "follow ada grace")
		s.tw.Disconnect("ada")
		s.want("removed ada")
		r.goesOn()
		r.end()
	}, emulator.ApproveAs("ada"), emulator.WebhookClient(&http.Client{Transport: h}))
}

// Without RedirectURI there are no login pages, and an App without a webhook takes no
// requests of Twitch.
func TestAppServesOnlyWhatItHas(t *testing.T) {
	store := oauth.NewMemoryStore()
	bare := larkspur.NewConduitApp("id", "secret", store, larkspur.AppOptions{})
	pages := larkspur.NewConduitApp("id", "secret", store, larkspur.AppOptions{RedirectURI: "http://bot.test/oauth/callback"})
	webhook := larkspur.NewWebhookApp("id", "secret", store, "https://bot.test/eventsub", larkspur.AppOptions{})
	for _, tt := range []struct {
		app    *larkspur.App
		method string
		want   int
	}{
		{bare, http.MethodGet, http.StatusNotFound},
		{bare, http.MethodPost, http.StatusNotFound},
		{pages, http.MethodGet, http.StatusFound},
		{pages, http.MethodPost, http.StatusMethodNotAllowed},
		{webhook, http.MethodGet, http.StatusNotFound},
		{webhook, http.MethodPost, http.StatusForbidden}, // not signed
	} {
		rec := httptest.NewRecorder()
		tt.app.ServeHTTP(rec, httptest.NewRequest(tt.method, "http://bot.test/oauth", http.NoBody))
		if rec.Code != tt.want {
			t.Errorf("%s: got %d, want %d", tt.method, rec.Code, tt.want)
		}
	}
	if bare.LoginURL() != "" || bare.BotLoginURL() != "" || pages.BotLoginURL() != "" {
		t.Error("an App without login pages, or without a bot, has an address for them")
	}
}

// Run serves the App itself if it has an address for it.
func TestAppListens(t *testing.T) {
	tw := emulator.Start(t)
	lines := make(chan string, 100)
	o := larkspur.AppOptions{Server: tw.URL(), RedirectURI: "http://localhost/oauth/callback", Listen: "127.0.0.1:0", Logger: logLines(lines)}
	app := larkspur.NewConduitApp(tw.ClientID(), tw.ClientSecret(), oauth.NewMemoryStore(), o)
	s := &stage{t: t, tw: tw}
	r := s.run(app.Run)
	var address string
	for line := range lines {
		if _, after, found := strings.Cut(line, "msg=serving address="); found {
			address = strings.TrimSpace(after)
			break
		}
	}
	res, err := http.Get("http://" + address + "/oauth")
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if !strings.Contains(string(page), "Wrong address") { // it is not the host of the redirect URI
		t.Errorf("got %s\n%s", res.Status, page)
	}
	r.cancel()
	if <-r.done; r.err != nil {
		t.Errorf("run: got %v, want none", r.err)
	}

	o.Listen = "nowhere"
	app = larkspur.NewConduitApp(tw.ClientID(), tw.ClientSecret(), oauth.NewMemoryStore(), o)
	if err := app.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "option Listen") {
		t.Errorf("got %v, want an error about the address", err)
	}
}

// lineWriter sends each line of a log to a channel.
type lineWriter chan<- string

func (w lineWriter) Write(b []byte) (int, error) {
	select {
	case w <- string(b):
	default:
	}
	return len(b), nil
}

func logLines(lines chan<- string) *slog.Logger {
	return slog.New(slog.NewTextHandler(lineWriter(lines), nil))
}
