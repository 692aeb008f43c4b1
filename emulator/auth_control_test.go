package emulator_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/emulator"
)

// oauthForm posts to the login server and returns the status and what it says.
func oauthForm(t *testing.T, tw *emulator.Server, path string, fields url.Values) (int, map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, tw.OAuthURL()+path, strings.NewReader(fields.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := tw.HTTPClient().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var body map[string]any
	_ = json.Unmarshal(raw, &body)
	return resp.StatusCode, body
}

// validates returns the status of a token.
func validates(t *testing.T, tw *emulator.Server, token string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tw.OAuthURL()+"/validate", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "OAuth "+token)
	resp, err := tw.HTTPClient().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// What ends a login is caused from outside, and what can be renewed afterwards differs.
func TestControlEndsLogins(t *testing.T) {
	rows := []struct {
		verb, body string
		dead       string // whose access tokens
		renewed    string // whose refresh tokens still work
	}{
		{"expire", `{"token":"ADA"}`, "ada", "ada ada2 grace"},
		{"expire", `{"user":"ada"}`, "ada ada2", "ada ada2 grace"},
		{"expire", `{"user":"ada","client_id":"second"}`, "ada2", "ada ada2 grace"},
		{"expire", `{"all":true}`, "ada ada2 grace app", "ada ada2 grace"},
		{"revoke", `{"token":"ADA"}`, "ada", "ada ada2 grace"},
		{"revoke", `{"user":"ada"}`, "ada ada2", "ada ada2 grace"},
		{"revoke", `{"all":true,"client_id":"second"}`, "ada2", "ada ada2 grace"},
		{"disconnect", `{"user":"ada"}`, "ada", "ada2 grace"},
		{"disconnect", `{"user":"ada","client_id":"second"}`, "ada2", "ada grace"},
		{"change-password", `{"user":"ada"}`, "ada ada2", "grace"},
	}
	for _, row := range rows {
		t.Run(row.verb+" "+row.body, func(t *testing.T) {
			tw := emulator.Start(t, emulator.InMemory(), emulator.User("ada", "grace"), emulator.RegisterClient("second", "hush"))
			control := func(verb, body string) map[string]string {
				status, answer := post(t, tw.HTTPClient(), tw.URL()+"/larkspur/"+verb, body)
				if status != http.StatusOK {
					t.Fatalf("%s %s: got %d %v", verb, body, status, answer)
				}
				return answer
			}
			tokens := map[string]map[string]string{
				"ada": control("token", `{"user":"ada","scopes":["chat:read"]}`), "ada2": control("token", `{"user":"ada","client_id":"second"}`),
				"grace": control("token", `{"user":"grace"}`), "app": control("token", `{}`),
			}
			control(row.verb, strings.Replace(row.body, "ADA", tokens["ada"]["access_token"], 1))
			var dead, renewed []string
			for _, name := range []string{"ada", "ada2", "grace", "app"} {
				if validates(t, tw, tokens[name]["access_token"]) == http.StatusUnauthorized {
					dead = append(dead, name)
				}
				client, secret := tw.ClientID(), tw.ClientSecret()
				if name == "ada2" {
					client, secret = "second", "hush"
				}
				status, _ := oauthForm(t, tw, "/token", url.Values{
					"grant_type": {"refresh_token"}, "client_id": {client}, "client_secret": {secret}, "refresh_token": {tokens[name]["refresh_token"]},
				})
				if status == http.StatusOK {
					renewed = append(renewed, name)
				}
			}
			if got := strings.Join(dead, " "); got != row.dead {
				t.Errorf("got %q dead, want %q", got, row.dead)
			}
			if got := strings.Join(renewed, " "); got != row.renewed {
				t.Errorf("got %q renewed, want %q", got, row.renewed)
			}
		})
	}
}

func TestControlOfLoginsRefuses(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory())
	for verb, body := range map[string]string{
		"token": `{"user":"ada","client_id":"nobody"}`, "code": `{"user":"ada","client_id":"nobody"}`, "disconnect": `{"user":"ada","client_id":"nobody"}`,
		"expire": `{}`, "revoke": `{"client_id":"second"}`, "change-password": `{}`, "client": `{"client_secret":"x"}`,
		"device": `{"user":"ada","user_code":"AAAAAAAA"}`,
	} {
		if status, answer := post(t, tw.HTTPClient(), tw.URL()+"/larkspur/"+verb, body); status != http.StatusBadRequest || answer["error"] == "" {
			t.Errorf("%s %s: got %d %v, want 400 and why", verb, body, status, answer)
		}
	}
}

// A client is registered while the emulator runs, and logs somebody in.
func TestControlRegistersClients(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory(), emulator.User("ada"))
	base := tw.URL() + "/larkspur/"
	for _, body := range []string{`{"client_id":"web","client_secret":"hush","redirect_uris":["http://localhost/in"],"title":"My site"}`, `{"client_id":"tv"}`} {
		if status, answer := post(t, tw.HTTPClient(), base+"client", body); status != http.StatusOK {
			t.Fatalf("%s: got %d %v", body, status, answer)
		}
	}
	status, device := oauthForm(t, tw, "/device", url.Values{"client_id": {"tv"}, "scopes": {"chat:read"}})
	if status != http.StatusOK {
		t.Fatalf("device: got %d %v", status, device)
	}
	if status, answer := post(t, tw.HTTPClient(), base+"device", fmt.Sprintf(`{"user_code":%q,"user":"ada"}`, device["user_code"])); status != http.StatusOK {
		t.Fatalf("consent: got %d %v", status, answer)
	}
	status, _ = oauthForm(t, tw, "/token", url.Values{"client_id": {"tv"}, "device_code": {device["device_code"].(string)}, "grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}})
	if status != http.StatusOK {
		t.Errorf("token: got %d, want 200", status)
	}
	_, denied := oauthForm(t, tw, "/device", url.Values{"client_id": {"tv"}})
	if status, answer := post(t, tw.HTTPClient(), base+"device", fmt.Sprintf(`{"user_code":%q,"deny":true}`, denied["user_code"])); status != http.StatusOK {
		t.Errorf("refusal: got %d %v", status, answer)
	}
	if tw.DenyDevice(denied["user_code"].(string)) {
		t.Error("got a device that waits after it was refused")
	}
	_, raw := get(t, tw.HTTPClient(), base+"grants")
	var got, want any
	if err := json.Unmarshal([]byte(raw), &got); err != nil {
		t.Fatal(err)
	}
	wanted := fmt.Sprintf(`{"clients":[
		{"client_id":%q,"name":"Your application","public":false},{"client_id":"tv","public":true},
		{"client_id":"web","name":"My site","public":false,"redirect_uris":["http://localhost/in"]}],
		"grants":[{"client_id":"tv","user_id":%q,"login":"ada","scopes":["chat:read"],"access_tokens":1,"refresh_tokens":1}]}`, tw.ClientID(), tw.UserID("ada"))
	if err := json.Unmarshal([]byte(wanted), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("grants (-want +got):\n%s", diff)
	}
	if strings.Contains(raw, "hush") {
		t.Errorf("got a secret: %s", raw)
	}
}

func TestRegisterClientNeedsAnID(t *testing.T) {
	tw := emulator.New(emulator.RegisterClient("", "hush"))
	defer tw.Close()
	if err := tw.Err(); err == nil {
		t.Error("got no error for a client without an id")
	}
}

// The same from a Go test.
func TestServerEndsLogins(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory(), emulator.User("ada", "grace"))
	token := func(login string) string { return tw.UserToken(login, "chat:read") }
	rows := []struct {
		name       string
		end        func()
		adas, rest int
	}{
		{"ExpireTokens of one", func() { tw.ExpireTokens("ada") }, 401, 200},
		{"RevokeTokens of one", func() { tw.RevokeTokens("ada") }, 401, 200},
		{"ChangePassword", func() { tw.ChangePassword("ada") }, 401, 200},
		{"ExpireTokens of all", func() { tw.ExpireTokens("") }, 401, 401},
		{"RevokeTokens of all", func() { tw.RevokeTokens("") }, 401, 401},
	}
	for _, row := range rows {
		ada, grace := token("ada"), token("grace")
		row.end()
		if got, other := validates(t, tw, ada), validates(t, tw, grace); got != row.adas || other != row.rest {
			t.Errorf("%s: got %d and %d, want %d and %d", row.name, got, other, row.adas, row.rest)
		}
	}
}
