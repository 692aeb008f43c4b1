package store

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

func TestUpdateChangesManyAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "larkspur.db")
	key := keyring.NewKey()
	tokens := sealedTokens(t, open(t, path), ring(t, key))
	for _, id := range []string{"7", "8", "9"} {
		if err := tokens.Save(t.Context(), id, token(id)); err != nil {
			t.Fatal(err)
		}
	}
	var asked []string
	err := tokens.Update(t.Context(), []string{"9", "6", "7", "8"}, func(key string, token oauth.Token) (oauth.Token, bool) {
		asked = append(asked, key)
		token.Login = "new-" + key
		return token, key != "8"
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(asked, " "); got != "9 7 8" {
		t.Errorf("got asked for %q, want those that there are: 9 7 8", got)
	}
	again := sealedTokens(t, open(t, path), ring(t, key))
	for id, want := range map[string]string{"7": "new-7", "8": token("8").Login, "9": "new-9"} {
		if got, err := again.Load(t.Context(), id); err != nil || got.Login != want {
			t.Errorf("%s: got %q, %v, want %q", id, got.Login, err, want)
		}
	}
}

func TestUpdateIsAllOrNothing(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "larkspur.db"))
	tokens := sealedTokens(t, s, ring(t))
	for _, id := range []string{"7", "8"} {
		if err := tokens.Save(t.Context(), id, token(id)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.db.ExecContext(t.Context(), `UPDATE tokens SET token = X'01' WHERE key = '8'`); err != nil {
		t.Fatal(err)
	}
	err := tokens.Update(t.Context(), []string{"7", "8"}, func(_ string, token oauth.Token) (oauth.Token, bool) {
		token.Login = "changed"
		return token, true
	})
	if err == nil || !strings.Contains(err.Error(), s.path) {
		t.Errorf("got %v, want an error that names the file", err)
	}
	if got, err := tokens.Load(t.Context(), "7"); err != nil || got.Login == "changed" {
		t.Errorf("got %q, %v, want it as it was", got.Login, err)
	}
}
