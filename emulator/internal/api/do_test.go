package api_test

import (
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/helix"
)

// do calls as a user with the scopes that the endpoint needs, and wants a status.
func (d *desk) do(u world.User, status int, request string) reply {
	d.t.Helper()
	target, _, _ := strings.Cut(request, "?")
	target, _, _ = strings.Cut(target, " {")
	var scopes []string
	for _, e := range helix.Endpoints() {
		if e.Method+" "+e.Path == target {
			scopes = e.Scopes.Minimal()
		}
	}
	got := d.call(d.token(u, scopes...), d.fill(request))
	if got.status != status {
		d.t.Fatalf("%s: got %d %s, want %d", request, got.status, got.raw, status)
	}
	return got
}

// has checks that an answer has a text in it.
func (r reply) has(d *desk, text string) {
	d.t.Helper()
	if text = d.fill(text); !strings.Contains(r.raw, text) {
		d.t.Errorf("got %s, want %s in it", r.raw, text)
	}
}

// id is the id of the first item of an answer.
func (r reply) id() string {
	id, _ := r.body.Data[0]["id"].(string)
	return id
}
