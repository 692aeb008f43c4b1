package cli_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/cli"
)

// impatient is a Twitch whose first code expires after a second; for the second code, a
// user has agreed.
func impatient(t *testing.T) string {
	var codes atomic.Int32
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth2/device", func(w http.ResponseWriter, r *http.Request) {
		n := codes.Add(1)
		fmt.Fprintf(w, `{"device_code":"device%d","user_code":"CODE%d","verification_uri":"http://%s/activate","expires_in":%d,"interval":1}`, n, n, r.Host, 1+29*(n-1))
	})
	mux.HandleFunc("POST /oauth2/token", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("device_code") != "device2" {
			http.Error(w, `{"status":400,"message":"authorization_pending"}`, http.StatusBadRequest)
			return
		}
		fmt.Fprint(w, `{"access_token":"secretsecretsecretsecret","refresh_token":"secretrefreshsecret","expires_in":14400,"scope":["chat:read"],"token_type":"bearer"}`)
	})
	mux.HandleFunc("GET /oauth2/validate", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"client_id":"me","login":"ada","scopes":["chat:read"],"user_id":"7","expires_in":14400}`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// If the code expires, the user can press Enter for a new one.
func TestCodeExpires(t *testing.T) {
	t.Parallel()
	for _, goesOn := range []bool{true, false} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		tt, twitch, state := openTerminal(t), impatient(t), t.TempDir()
		code := make(chan int, 1)
		go func() {
			code <- cli.Main(ctx, cli.Process{
				Args: []string{"login", "--scopes", "chat:read", "--no-open", "--state", state, "--twitch", twitch}, Stdin: tt.program, Stdout: tt.program, Stderr: tt,
				Getenv: func(name string) (string, bool) {
					value, ok := map[string]string{"TWITCH_CLIENT_ID": "me"}[name]
					return value, ok
				},
			})
		}()
		tt.until("the offer", func() bool { return strings.Contains(tt.screen(), "Press Enter for a new one; Ctrl-C stops.") })
		want, says := 0, "Logged in: ada has granted chat:read"
		if goesOn {
			_, _ = tt.person.WriteString("\n")
		} else {
			cancel()
			want, says = 1, "stopped; no account was logged in"
		}
		select {
		case got := <-code:
			tt.until(says, func() bool { return strings.Contains(tt.screen(), says) })
			if got != want || goesOn && !strings.Contains(tt.screen(), "C O D E 2") || strings.Contains(tt.screen(), "secretsecret") {
				t.Errorf("got exit code %d and:\n%s", got, tt.screen())
			}
		case <-time.After(patience):
			t.Fatalf("it does not end:\n%s", tt.screen())
		}
		_, _ = tt.person.WriteString("\n") // ends the reading
	}
}
