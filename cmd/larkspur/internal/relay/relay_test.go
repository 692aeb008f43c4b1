package relay_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
)

func TestMain(m *testing.M) {
	// The library keeps idle connections of the default HTTP client.
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		http.DefaultClient.CloseIdleConnections()
	}))
}

// A chat is another chat system: it records what is posted to it.
type chat struct {
	*httptest.Server

	mu     sync.Mutex
	posts  []string
	status int
}

func newChat(t *testing.T, start func(h http.Handler) *httptest.Server) *chat {
	t.Helper()
	c := &chat{status: http.StatusOK}
	c.Server = start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.posts = append(c.posts, r.Method+" "+r.URL.Path+" "+string(body))
		w.WriteHeader(c.status)
	}))
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		c.Close()
	})
	return c
}

func (c *chat) want(t *testing.T, want ...string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if diff := cmp.Diff(want, c.posts); diff != "" {
		t.Errorf("posts (-want +got):\n%s", diff)
	}
}

// host is the address of c without the scheme.
func (c *chat) host() string {
	_, host, _ := strings.Cut(c.URL, "://")
	return host
}

func send(t *testing.T, address, text string, o relay.Options) error {
	t.Helper()
	r, err := relay.New("team", address, o)
	if err != nil {
		t.Fatalf("new: got %v, want none", err)
	}
	return r.Send(t.Context(), text)
}

func TestSend(t *testing.T) {
	tests := []struct {
		name, address, post string
		start               func(h http.Handler) *httptest.Server
	}{
		{"http", "http://HOST/hook?key=1", `POST /hook {"text":"We are \"live\"!"}`, httptest.NewServer},
		{"https", "https://HOST/hook", `POST /hook {"text":"We are \"live\"!"}`, httptest.NewTLSServer},
		{
			"rocketchat", "rocketchat://larkspur@HOST/token/channel",
			`POST /hooks/token/channel {"text":"We are \"live\"!","username":"larkspur"}`, httptest.NewTLSServer,
		},
		{
			"rocketchat to a channel, plain", "rocketchat://HOST/tokenA/tokenB/news?disabletls=yes",
			`POST /hooks/tokenA/tokenB {"text":"We are \"live\"!","channel":"#news"}`, httptest.NewServer,
		},
		{
			"rocketchat to a user", "rocketchat://HOST/tokenA/tokenB/@grace?disabletls=yes",
			`POST /hooks/tokenA/tokenB {"text":"We are \"live\"!","channel":"@grace"}`, httptest.NewServer,
		},
		{"shoutrrr", "mattermost://larkspur@HOST/token?disabletls=yes", `POST /hooks/token {"text":"We are \"live\"!","username":"larkspur"}`, httptest.NewServer},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newChat(t, tt.start)
			address := strings.Replace(tt.address, "HOST", c.host(), 1)
			if err := send(t, address, `We are "live"!`, relay.Options{HTTPClient: c.Client(), AllowPrivate: true}); err != nil {
				t.Fatalf("send: got %v, want none", err)
			}
			c.want(t, tt.post)
		})
	}
}

func TestErrorsSayWhatAndHideTheAddress(t *testing.T) {
	tests := []struct{ address, want string }{
		{"http://ada:swordfish@HOST/s3cr3t/t0ken?key=pa55word", "relay team: HOST answered 403 Forbidden"},
		{"rocketchat://HOST/s3cr3t/t0ken?disabletls=yes", "relay team: HOST answered 403 Forbidden"},
		{"generic://HOST/s3cr3t/t0ken?disabletls=yes&key=pa55word&@Authorization=swordfish", "relay team: HOST answered 403 Forbidden"},
		{"gotify://HOST/As3cr3tt0ken123?disabletls=yes", ""},
		{"ntfy://ada:swordfish@HOST/s3cr3t?scheme=http", ""},
		{"mattermost://ada@HOST/s3cr3t?disabletls=yes", ""},
	}
	for _, tt := range tests {
		for _, down := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, down=%t", tt.address, down), func(t *testing.T) {
				c := newChat(t, httptest.NewServer)
				c.status = http.StatusForbidden
				if down {
					c.Close()
				}
				err := send(t, strings.Replace(tt.address, "HOST", c.host(), 1), "hello", relay.Options{AllowPrivate: true})
				if err == nil {
					t.Fatal("got no error")
				}
				if want := strings.Replace(tt.want, "HOST", c.host(), 1); want != "" && !down && err.Error() != want {
					t.Errorf("got %q, want %q", err, want)
				}
				if prefix := "relay team: " + c.host() + ": "; tt.want != "" && down && (!strings.HasPrefix(err.Error(), prefix) || strings.Contains(err.Error(), "://")) {
					t.Errorf("got %q, want %q and no address", err, prefix)
				}
				for _, secret := range []string{"s3cr3t", "t0ken", "pa55word", "swordfish"} {
					if strings.Contains(fmt.Sprintf("%+v", err), secret) {
						t.Errorf("the error shows a secret: %v", err)
					}
				}
			})
		}
	}
}

func TestBadAddress(t *testing.T) {
	tests := []struct{ address, want string }{
		{"", `it does not start with the name of a service; a good one looks like discord://token@id`},
		{"s3cr3t", `it does not start with the name of a service; a good one looks like discord://token@id`},
		{"http://[s3cr3t", `it is not a URL; a good one looks like discord://token@id`},
		{"https:///s3cr3t", `it has no host; a good one looks like https://host/path`},
		{"rocketcat://host/s3cr3t", `unknown service "rocketcat"; did you mean "rocketchat"?; a good one looks like`},
		{"carrier-pigeon://s3cr3t", `unknown service "carrier-pigeon"; known are http, https, bark, discord,`},
		{"logger://s3cr3t", `logger is not supported, because the program has its own log; a good one looks like`},
		{"discord+https://s3cr3t", `discord takes no URL of another kind after a +`},
		{"rocketchat+https://s3cr3t", `rocketchat takes no URL of another kind after a +; a good one looks like rocketchat://`},
		{"rocketchat://host/s3cr3t", `it lacks the host or the two tokens of the webhook; a good one looks like rocketchat://name@host/token/token`},
		{"rocketchat://host/a/s3cr3t?disabletls=s3cr3t", `disabletls must be yes or no`},
		{"slack://s3cr3t", `a good one looks like slack://hook:`},
		{"telegram://s3cr3t@telegram", `a good one looks like telegram://token@telegram?chats=`},
		{"https://discord.com/api/webhooks/s3cr3t", `it lacks the number or the token of the webhook; a good one looks like https://discord.com/api/webhooks/ID/TOKEN`},
		{"discord://s3cr3t", `a good one looks like discord://token@id`},
	}
	for _, tt := range tests {
		_, err := relay.New("team", tt.address, relay.Options{})
		if err == nil {
			t.Errorf("%s: got no error", tt.address)
			continue
		}
		if !strings.HasPrefix(err.Error(), "relay team: bad address: ") || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %q, want %q in it", tt.address, err, tt.want)
		}
		if strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%s: the error shows a secret: %v", tt.address, err)
		}
	}
}

func TestEveryExampleIsGood(t *testing.T) {
	// Replace placeholders in the examples with values of the right form.
	const id = "11111111-4444-4444-8444-cccccccccccc"
	real := strings.NewReplacer(
		"webhooks/ID/TOKEN", "webhooks/1234567890/abc-DEF_1", "TOKEN-A-TOKEN-B-TOKEN-C", "AAAAAAAAA-BBBBBBBBB-123456789123456789123456",
		"telegram://token@", "telegram://110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw@",
		"group@tenant/altId/groupOwner/extraId", id+"@"+id+"/33333333012222222222333333333344/"+id+"/V2ESyij",
	)
	for scheme, address := range relay.GoodAddresses() {
		if _, err := relay.New("team", real.Replace(address), relay.Options{}); err != nil {
			t.Errorf("%s: got %v, want none", scheme, err)
		}
	}
}

func TestMatrixDoesNotDialBeforeTheFirstMessage(t *testing.T) {
	c := newChat(t, httptest.NewServer)
	r, err := relay.New("team", "matrix://ada:swordfish@"+c.host()+"/?disabletls=yes&rooms=!room", relay.Options{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	c.want(t)
	if err := r.Send(t.Context(), "hello"); err == nil {
		t.Error("send: got no error from a server that is not Matrix")
	}
}

func TestSendEndsWithContext(t *testing.T) {
	block := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-block }))
	defer server.Close()
	defer http.DefaultClient.CloseIdleConnections()
	defer close(block)
	_, host, _ := strings.Cut(server.URL, "://")
	for _, address := range []string{"http://" + host, "generic://" + host + "?disabletls=yes"} {
		r, err := relay.New("team", address, relay.Options{AllowPrivate: true})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		if err := r.Send(ctx, "hello"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got %v, want deadline exceeded", address, err)
		}
		cancel()
	}
}

func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var message struct{ Text string }
		_ = json.NewDecoder(r.Body).Decode(&message)
		fmt.Println("the team reads:", message.Text)
	}))
	defer server.Close()

	team, err := relay.New("team", server.URL+"/hook", relay.Options{HTTPClient: server.Client(), AllowPrivate: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := team.Send(context.Background(), "We are live!"); err != nil {
		fmt.Println(err)
	}
	// Output: the team reads: We are live!
}

// The operator reads what happened, not "context deadline exceeded".
func TestErrorOfAHangingRelayNamesTheCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})}
		err := send(t, "https://team.example/hook", "hello", relay.Options{HTTPClient: hang})
		if err == nil || err.Error() != "relay team: no answer within 10s" {
			t.Errorf("got %v, want it to say how long it waited", err)
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
