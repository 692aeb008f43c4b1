package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
)

// Without the Go API there was no way to have an extension: activate-extension and buy
// always answered that it was not found.
func TestExtensionByControl(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.Live("ada"))
	for _, row := range []struct {
		verb, body string
		status     int
		want       string
	}{
		{"activate-extension", `{"broadcaster":"ada"}`, 400, "the verb extension makes it one"},
		{"buy", `{"broadcaster":"ada","user":"grace","id":"hat"}`, 400, "the verb extension makes it one"},
		{"product", `{"id":"hat","title":"Hat","bits":5}`, 400, "the verb extension makes it one"},
		{"extension", `{"user":"dev","secret":"c2VjcmV0"}`, 200, "c2VjcmV0"},
		{"extension", `{"user":"dev"}`, 400, "already"},
		{"extension", `{"user":"dev","client_id":"other"}`, 400, "the verb client registers one"},
		{"product", `{"id":"hat","title":"Hat","bits":5}`, 200, ""},
		{"product", `{"id":"hat","title":"Hat","bits":0}`, 400, "from 1 to 10000 bits"},
		{"product", `{"id":"","title":"Hat","bits":5}`, 400, "SKU"},
		{"activate-extension", `{"broadcaster":"ada"}`, 200, ""},
		{"activate-extension", `{"broadcaster":"ada"}`, 200, ""},
		{"buy", `{"broadcaster":"ada","user":"grace","id":"hat"}`, 200, "-"},
		{"client", `{"client_id":"second","client_secret":"s"}`, 200, ""},
		{"extension", `{"user":"dev","client_id":"second"}`, 200, "second"},
		{"activate-extension", `{"broadcaster":"ada","client_id":"second"}`, 200, ""},
	} {
		status, answer := post(t, tw.HTTPClient(), tw.URL()+"/larkspur/"+row.verb, row.body)
		var said strings.Builder
		for _, v := range answer {
			said.WriteString(v + " ")
		}
		if status != row.status || !strings.Contains(said.String(), row.want) {
			t.Errorf("%s %s: got %d %v, want %d with %q", row.verb, row.body, status, answer, row.status, row.want)
		}
	}
	ada := tw.UserToken("ada", "user:read:broadcast")
	if _, answer := helix(t, tw, ada, "GET", "/users/extensions", ""); strings.Count(answer, `"active":true`) != 2 {
		t.Errorf("got %s, want both extensions in slots", answer)
	}
	if _, answer := helix(t, tw, tw.AppToken(), "GET", "/extensions/live?extension_id="+tw.ClientID(), ""); !strings.Contains(answer, tw.UserID("ada")) {
		t.Errorf("got %s, want ada", answer)
	}
	if _, answer := helix(t, tw, tw.AppToken(), "GET", "/extensions/transactions?extension_id="+tw.ClientID(), ""); !strings.Contains(answer, `"sku":"hat"`) {
		t.Errorf("got %s, want the hat", answer)
	}
}

// What a channel has installed could not be looked up.
func TestInstalledExtensionsAreReleased(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.Live("ada"), emulator.Extension("dev", ""))
	ada := tw.UserToken("ada", "user:read:broadcast", "user:edit:broadcast")
	_, list := helix(t, tw, ada, "GET", "/users/extensions/list", "")
	ids := strings.Split(list, `"id":"`)[1:]
	if len(ids) != 4 {
		t.Fatalf("got %s, want 4 extensions", list)
	}
	for _, id := range ids {
		id, _, _ = strings.Cut(id, `"`)
		if status, answer := helix(t, tw, tw.AppToken(), "GET", "/extensions/released?extension_id="+id, ""); status != http.StatusOK || !strings.Contains(answer, `"state":"Released"`) {
			t.Errorf("%s: got %d %s, want it released", id, status, answer)
		}
		if status, answer := helix(t, tw, tw.AppToken(), "GET", "/extensions/live?extension_id="+id, ""); status != http.StatusOK {
			t.Errorf("%s: got %d %s, want 200", id, status, answer)
		}
	}
}
