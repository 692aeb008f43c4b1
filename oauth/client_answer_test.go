package oauth_test

import (
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/oauth"
)

// The monotonic clock in a time.Time stops while the machine sleeps.
func TestExpiryCountsWhileTheMachineSleeps(t *testing.T) {
	f := newFake()
	m := f.manager(t, oauth.NewMemoryStore(), oauth.Options{})
	u, err := m.Add(t.Context(), f.token(ada))
	if err != nil {
		t.Fatal(err)
	}
	if text := u.ExpiresAt.String(); strings.Contains(text, "m=") {
		t.Errorf("got %s, want it without a monotonic clock", text)
	}
}
