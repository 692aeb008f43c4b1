package secrets_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/internal/canary"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/oauth"
)

// An echo is a server that repeats each request in its response, headers and body, in
// one of several shapes.
type echo struct {
	status int
	shape  string
}

func (e echo) RoundTrip(r *http.Request) (*http.Response, error) {
	asked, err := httputil.DumpRequestOut(r, true)
	if err != nil {
		return nil, err
	}
	rec := httptest.NewRecorder()
	rec.Header().Set("Location", "http://localhost/?said="+secret)
	rec.Header().Set("Ratelimit-Reset", "x"+secret)
	rec.Header().Set("Content-Type", "application/json")
	rec.WriteHeader(e.status)
	quoted, _ := json.Marshal(string(asked))
	_, _ = fmt.Fprintf(rec, e.shape, quoted)
	return rec.Result(), nil
}

// echoes are the shapes of its responses. Those that can be parsed are not the expected
// response.
var echoes = []string{
	"%s", `{"status": 400, "error": %[1]s, "message": %[1]s}`, `{"message": %[1]s, "data": %[1]s`, "<html>%s",
	`{"error": {"x": %[1]s}, "message": 7}`, `{"data": %s}`, `{"data": [{"id": 5, "expires_in": %[1]s}], "expires_in": %[1]s, "scope": {"x": %[1]s}, "scopes": %[1]s}`,
	`{"access_token": %[1]s, "client_id": 7, "user_id": %[1]s, "device_code": %[1]s, "verification_uri": %[1]s, "keys": %[1]s}`, "",
}

// said collects errors and logs, and finds secrets in them.
type said struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// fails records an error and all errors that it wraps, printed in every way.
func (s *said) fails(err error) {
	for ; err != nil; err = errors.Unwrap(err) {
		for how, text := range printings(err) {
			_, _ = fmt.Fprintln(s, how, text)
		}
	}
}

func (s *said) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(s, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func (s *said) want(t *testing.T, where string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.text.Len() == 0 {
		t.Errorf("%s: nothing was said, which proves nothing", where)
	}
	for line := range strings.Lines(s.text.String()) {
		if form, found := canary.Find(line, secret); found {
			t.Errorf("%s: a secret (%s) is in %s", where, form, line)
			return
		}
	}
}

func TestErrorsHoldNoSecretsThatTwitchRepeats(t *testing.T) {
	for _, status := range []int{200, 302, 307, 400, 401, 403, 404, 500} {
		for _, shape := range echoes {
			var s said
			client := &http.Client{Transport: echo{status, shape}}
			askOAuth(t, &s, client)
			askHelix(t, &s, client)
			s.want(t, fmt.Sprintf("%d %s", status, shape))
		}
	}
}

func askOAuth(t *testing.T, s *said, client *http.Client) {
	ctx := t.Context()
	c := &oauth.Client{ClientID: "client", ClientSecret: secret + "client", HTTPClient: client}
	fail := func(_ any, err error) { s.fails(err) }
	fail(c.ExchangeCode(ctx, secret+"code", "http://localhost"))
	fail(c.Refresh(ctx, secret+"refresh"))
	fail(c.AppToken(ctx))
	fail(c.Validate(ctx, secret+"access"))
	fail(nil, c.Revoke(ctx, secret+"access"))
	fail(c.StartDevice(ctx, nil))
	fail(c.VerifyIDToken(ctx, "e30.e30."+secret, secret))
	fail(oauth.ParseFragment("http://localhost/#access_token=%zz"+secret+"&state="+secret, secret))
	fail(oauth.ParseFragment("http://localhost/?error=no&error_description="+secret+"&state="+secret, secret))
	fail(oauth.ParseRedirect("http://localhost/?code=%zz"+secret+"&state="+secret, secret))
	fail(oauth.ParseRedirect("http://localhost/?code="+secret+"&state="+secret, "other"))
	fail(oauth.ParseRedirect("http://localhost/?error=no&error_description="+secret+"&state="+secret, secret))

	store := oauth.NewMemoryStore()
	fail(nil, store.Save(ctx, "7", oauth.Token{AccessToken: secret + "access", RefreshToken: secret + "refresh", UserID: "7"}))
	m := oauth.NewManager("client", secret+"client", store, oauth.Options{HTTPClient: client, Logger: s.logger()})
	fail(m.Renew(ctx, "7", secret+"access"))
	fail(m.Token(ctx, ""))
	fail(m.AddCode(ctx, secret+"code", "http://localhost"))
	_, _ = fmt.Fprintln(s, "asked")
}

func askHelix(t *testing.T, s *said, client *http.Client) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond) // limits the retries
	defer cancel()
	tw := helix.New("client", helix.StaticToken("7", secret+"access"), helix.Options{HTTPClient: client, Logger: s.logger()})
	_, err := tw.Users.Get(ctx, helix.GetUsersParams{})
	s.fails(err)
	_, err = tw.Chat.SendMessage(ctx, helix.SendChatMessageParams{BroadcasterID: "7", SenderID: "7", Message: "hello"})
	s.fails(err)
}

// A chat server that repeats the password, in a refusal and in lines that cannot be parsed.
func TestChatHoldsNoSecretsThatTwitchRepeats(t *testing.T) {
	for _, answer := range []string{
		":tmi.twitch.tv NOTICE * :Login authentication failed %s\r\n", ":tmi.twitch.tv NOTICE * :Improperly formatted auth %s\r\n",
		"@%s :\r\n", ":tmi.twitch.tv 421 you %s :Unknown command\r\n", "PING :%s\r\n", ":tmi.twitch.tv NOTICE #ada :%s\r\n", "ERROR :%s\r\n",
	} {
		var s said
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		dial := func(context.Context, string, string) (net.Conn, error) {
			conn, server := net.Pipe()
			go func() {
				defer server.Close()
				for lines := bufio.NewScanner(server); lines.Scan(); {
					if password, ok := strings.CutPrefix(lines.Text(), "PASS "); ok {
						go func() { _, _ = fmt.Fprintf(server, answer, password) }()
					}
				}
			}()
			return conn, nil
		}
		token := func(context.Context) (string, error) { return secret + "access", nil }
		c := irc.New(irc.Options{
			Login: "ada", Token: token, Channels: []string{"ada"}, Addr: "irc://localhost:1", Dial: dial, Logger: s.logger(),
			OnState: func(state irc.State) { _, _ = fmt.Fprintf(&s, "%+v\n", state) },
		})
		s.fails(c.Run(ctx))
		cancel()
		s.want(t, answer)
	}
}
