package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

// wantHidden checks that no file beside path holds text.
func wantHidden(t *testing.T, path, text string) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatalf("files: got %v, %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(text)) {
			t.Errorf("got %q in %s", text, filepath.Base(file))
		}
	}
}

func sealedTokens(t *testing.T, s *Store, r *keyring.Ring) *Tokens {
	t.Helper()
	tokens, err := s.SealedTokens(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func TestSealedTokens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "larkspur.db")
	k := keyring.NewKey()
	s := open(t, path)
	for _, user := range []string{"7", "8", "9"} { // plain at first
		if err := s.Tokens().Save(t.Context(), user, token(user)); err != nil {
			t.Fatal(err)
		}
	}
	tokens := sealedTokens(t, s, ring(t, k))
	wantHidden(t, path, "refresh-")
	if err := tokens.Save(t.Context(), "9", token("10")); err != nil {
		t.Fatal(err)
	}
	wantHidden(t, path, "refresh-")
	again := sealedTokens(t, open(t, path), ring(t, k))
	for key, want := range map[string]oauth.Token{"7": token("7"), "8": token("8"), "9": token("10")} {
		got, err := again.Load(t.Context(), key)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", key, err, diff)
		}
	}

	// Without the key, tokens can neither be read nor written.
	if _, err := s.Tokens().Load(t.Context(), "7"); !errors.Is(err, errSealed) || !strings.Contains(err.Error(), path) {
		t.Errorf("load without a key: got %v, want %v and the file", err, errSealed)
	}
	if err := s.Tokens().Save(t.Context(), "11", token("11")); !errors.Is(err, errMixed) {
		t.Errorf("save without a key: got %v, want %v", err, errMixed)
	}
	if _, err := s.SealedTokens(t.Context(), ring(t)); !errors.Is(err, keyring.ErrUnknownKey) || !strings.Contains(err.Error(), path) {
		t.Errorf("another key: got %v, want %v and the file", err, keyring.ErrUnknownKey)
	}
	if err := s.Tokens().Reseal(t.Context()); !errors.Is(err, errNoSealer) {
		t.Errorf("got %v, want %v", err, errNoSealer)
	}
}

func TestOldKeysAreNotNeededAfterReseal(t *testing.T) {
	older, newer := keyring.NewKey(), keyring.NewKey()
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "larkspur.db"))
	if err := sealedTokens(t, s, ring(t, older)).Save(t.Context(), "7", token("7")); err != nil {
		t.Fatal(err)
	}
	rows := remember(t, s)
	tokens := sealedTokens(t, s, ring(t, newer, older))
	if err := tokens.Reseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantHidden(t, s.path, string(rows["7"]))
	if got, err := sealedTokens(t, s, ring(t, newer)).Load(t.Context(), "7"); err != nil || got.AccessToken != "access-7" {
		t.Errorf("got %v, %v with the newer key alone", got, err)
	}

	path := filepath.Join(dir, "tokens.json")
	file, err := oauth.OpenSealedFileStore(path, ring(t, older))
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Save(t.Context(), "7", token("7")); err != nil {
		t.Fatal(err)
	}
	if file, err = oauth.OpenSealedFileStore(path, ring(t, newer, older)); err != nil {
		t.Fatal(err)
	}
	if err := file.Reseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	if file, err = oauth.OpenSealedFileStore(path, ring(t, newer)); err != nil {
		t.Fatalf("got %v with the newer key alone", err)
	}
	if got, err := file.Load(t.Context(), "7"); err != nil || got.AccessToken != "access-7" {
		t.Errorf("got %v, %v with the newer key alone", got, err)
	}
	wantHidden(t, path, "refresh-")
}

// remember returns the rows as they are in the file.
func remember(t *testing.T, s *Store) map[string][]byte {
	t.Helper()
	tx, err := s.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	all, err := allRows(t.Context(), tx, `SELECT key, token FROM tokens`)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSealedTokensNoticeTampering(t *testing.T) {
	for name, change := range map[string]string{
		"a row that was moved":    `UPDATE tokens SET token = (SELECT token FROM tokens WHERE key = '8') WHERE key = '7'`,
		"a row that was cut":      `UPDATE tokens SET token = substr(token, 1, 60) WHERE key = '7'`,
		"an empty row":            `UPDATE tokens SET token = X'' WHERE key = '7'`,
		"a plain row":             `UPDATE tokens SET token = CAST('{"access_token":"mine"}' AS BLOB) WHERE key = '7'`,
		"a changed row":           `UPDATE tokens SET token = CAST(substr(token, 1, length(token) - 1) || iif(substr(token, -1) = X'00', X'01', X'00') AS BLOB) WHERE key = '7'`,
		"a row of another origin": `UPDATE tokens SET token = X'0203' WHERE key = '7'`,
	} {
		path := filepath.Join(t.TempDir(), "larkspur.db")
		k := keyring.NewKey()
		s := open(t, path)
		tokens := sealedTokens(t, s, ring(t, k))
		for _, user := range []string{"7", "8"} {
			if err := tokens.Save(t.Context(), user, token(user)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.db.ExecContext(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		want := func(err error) {
			t.Helper()
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), `"7"`) || !strings.Contains(err.Error(), "log in again") {
				t.Errorf("%s: got %v, want file, user and what to do", name, err)
			}
		}
		_, err := tokens.Load(t.Context(), "7")
		want(err)
		_, err = open(t, path).SealedTokens(t.Context(), ring(t, k))
		want(err)
		if _, err := tokens.Load(t.Context(), "8"); err != nil {
			t.Errorf("%s: got %v for the other user, want none", name, err)
		}
	}
}

func TestSealedFileNoticesTampering(t *testing.T) {
	k := keyring.NewKey()
	path := filepath.Join(t.TempDir(), "tokens.json")
	file, err := oauth.OpenSealedFileStore(path, ring(t, k))
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{"7", "8"} {
		if err := file.Save(t.Context(), user, token(user)); err != nil {
			t.Fatal(err)
		}
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"users exchanged": strings.NewReplacer(`"7"`, `"8"`, `"8"`, `"7"`).Replace(string(good)),
		"torn":            string(good[:len(good)/2]),
		"replaced":        `{"version":2,"sealed":{"7":"AAAA"}}`,
		"null":            `{"version":2,"sealed":{"7":null}}`,
	} {
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := oauth.OpenSealedFileStore(path, ring(t, k))
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "log in again") {
			t.Errorf("%s: got %v, want the file and what to do", name, err)
		}
		if _, err := file.Load(t.Context(), "7"); err == nil {
			t.Errorf("%s: got no error while it runs", name)
		}
		if kept, _ := os.ReadFile(path); string(kept) != data {
			t.Errorf("%s: the file was touched", name)
		}
	}
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := oauth.OpenFileStore(path); err == nil || !strings.Contains(err.Error(), "give the key") {
		t.Errorf("without a key: got %v, want to be told", err)
	}
	if _, err := oauth.OpenSealedFileStore(path, nil); err == nil {
		t.Error("got no error without a sealer")
	}
}

func FuzzSealedFile(f *testing.F) {
	r := ring(f)
	f.Add([]byte(`{"version":2,"sealed":{"7":"AAAA"}}`))
	f.Add([]byte(`{"version":1,"tokens":{"7":{"access_token":"a"}}}`))
	f.Add([]byte(`{"version":2,"sealed":{},"tokens":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "tokens.json")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := oauth.OpenSealedFileStore(path, r)
		if err != nil {
			if !strings.Contains(err.Error(), path) && !strings.Contains(err.Error(), "year outside") {
				t.Errorf("got %v, want the path in it", err)
			}
			return
		}
		if err := file.Save(t.Context(), "1", token("1")); err != nil {
			t.Errorf("save: got %v", err)
		}
		if got, err := file.Load(t.Context(), "1"); err != nil || got.AccessToken != "access-1" {
			t.Errorf("got %v, %v", got, err)
		}
	})
}

func ExampleStore_SealedTokens() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "larkspur")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	keyFile := filepath.Join(dir, "key")
	if err := os.WriteFile(keyFile, []byte(string(keyring.NewKey())), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	keys, err := keyring.Open(keyring.Source{File: keyFile})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := Open(ctx, filepath.Join(dir, "larkspur.db"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	tokens, err := s.SealedTokens(ctx, keys)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(tokens.Save(ctx, "7", oauth.Token{AccessToken: "secret", UserID: "7"}))
	_, err = s.Tokens().Load(ctx, "7") // without the keys
	fmt.Println(errors.Is(err, errSealed))
	// Output:
	// <nil>
	// true
}

// ring returns a keyring of keys, or of a new key if none is given.
func ring(t testing.TB, keys ...oauth.Secret) *keyring.Ring {
	t.Helper()
	if len(keys) == 0 {
		keys = append(keys, keyring.NewKey())
	}
	r, err := keyring.New(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
