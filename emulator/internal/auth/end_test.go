package auth_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func TestExpireAndRevokeMany(t *testing.T) {
	rows := []struct {
		name  string
		whose func(d *desk) auth.Whose
		dead  []string
	}{
		{"one user", func(d *desk) auth.Whose { return auth.Whose{UserID: d.ada.ID} }, []string{"ada", "ada of public"}},
		{"one user of a client", func(d *desk) auth.Whose { return auth.Whose{UserID: d.ada.ID, ClientID: "id"} }, []string{"ada"}},
		{"one client", func(*desk) auth.Whose { return auth.Whose{ClientID: "id"} }, []string{"ada", "app", "grace"}},
		{"all", func(*desk) auth.Whose { return auth.Whose{} }, []string{"ada", "ada of public", "app", "grace"}},
	}
	for _, row := range rows {
		for _, revoke := range []bool{false, true} {
			d := newDesk(t, auth.Options{})
			grace, err := d.world.AddUser(world.User{Login: "grace"})
			if err != nil {
				t.Fatal(err)
			}
			tokens := map[string]auth.Tokens{
				"ada": d.IssueUser("id", d.ada, nil), "ada of public": d.IssueUser("public", d.ada, nil), "grace": d.IssueUser("id", grace, nil), "app": d.IssueApp("id"),
			}
			var told, n int
			d.OnRevoked(func(tokens []string) { told += len(tokens) })
			if revoke {
				n = d.RevokeAll(row.whose(d))
			} else {
				n = d.ExpireAll(row.whose(d))
			}
			var dead []string
			for name, token := range tokens {
				if d.validate(token.Access).status == http.StatusUnauthorized {
					dead = append(dead, name)
				}
			}
			slices.Sort(dead)
			if !slices.Equal(dead, row.dead) || n != len(row.dead) || (told == n) != revoke {
				t.Errorf("%s, revoke %v: got %v dead, %d counted, %d told, want %v", row.name, revoke, dead, n, told, row.dead)
			}
			if got := d.form("/oauth2/token", "grant_type", "refresh_token", "client_id", "id", "client_secret", "secret", "refresh_token", tokens["ada"].Refresh); got.status != http.StatusOK {
				t.Errorf("%s, revoke %v: got %d %v, want a new token", row.name, revoke, got.status, got.body)
			}
		}
	}
}

// A new password ends all that somebody granted to anybody, and nothing else.
func TestChangePassword(t *testing.T) {
	d := newDesk(t, auth.Options{})
	grace, err := d.world.AddUser(world.User{Login: "grace"})
	if err != nil {
		t.Fatal(err)
	}
	var revoked []string
	d.world.Subscribe(func(f world.Fact) {
		if r, ok := f.(world.UserAuthorizationRevoked); ok {
			revoked = append(revoked, r.ClientID)
		}
	})
	one, two, other, app := d.IssueUser("id", d.ada, nil), d.IssueUser("public", d.ada, nil), d.IssueUser("id", grace, nil), d.IssueApp("id")
	code := d.IssueCode("id", d.ada, "http://localhost/back", nil)
	user, poll := d.started(t)
	d.DecideDevice(user, "ada", true)
	waiting, pollOn := d.started(t)
	d.ChangePassword(d.ada.ID)
	for name, token := range map[string]string{"of a client": one.Access, "of another": two.Access} {
		if _, ok := d.Lookup(token); ok {
			t.Errorf("got a live token %s", name)
		}
	}
	for name, token := range map[string]string{"another user": other.Access, "the app": app.Access} {
		if _, ok := d.Lookup(token); !ok {
			t.Errorf("got the token of %s dead", name)
		}
	}
	for name, got := range map[string]reply{
		"Invalid refresh token":      d.form("/oauth2/token", "grant_type", "refresh_token", "client_id", "public", "refresh_token", two.Refresh),
		"Invalid authorization code": d.form("/oauth2/token", "grant_type", "authorization_code", "client_id", "id", "client_secret", "secret", "code", code, "redirect_uri", "http://localhost/back"),
		"invalid device code":        poll(),
		"authorization_pending":      pollOn(),
	} {
		if got.text("message") != name {
			t.Errorf("got %d %v, want %s", got.status, got.body, name)
		}
	}
	if !slices.Equal(revoked, []string{"id", "public"}) {
		t.Errorf("got told of %v, want both clients", revoked)
	}
	if !d.DecideDevice(waiting, "ada", true) || pollOn().status != http.StatusOK {
		t.Error("got a device dead that ada had not agreed to")
	}
}

func TestGranted(t *testing.T) {
	d := newDesk(t, auth.Options{})
	if got := d.Granted(); len(got) != 0 {
		t.Errorf("got %v, want nothing", got)
	}
	d.browser().submit(ask, "user", "ada", "decision", "allow")
	d.IssueUser("public", d.ada, []string{"chat:read"})
	expired := d.IssueUser("public", d.ada, []string{"chat:edit"})
	d.Expire(expired.Access)
	d.IssueApp("id")
	want := []auth.Granted{
		{ClientID: "id", UserID: d.ada.ID, Login: "ada", Scopes: []string{"chat:read"}},
		{ClientID: "public", UserID: d.ada.ID, Login: "ada", Scopes: []string{"chat:read", "chat:edit"}, Access: 1, Refresh: 2},
	}
	if diff := cmp.Diff(want, d.Granted()); diff != "" {
		t.Errorf("granted (-want +got):\n%s", diff)
	}
}
