package oauth_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

const damageKey = "0123456789abcdef"

// wholeFile returns a file of two users, plain or sealed.
func wholeFile(t testing.TB, seal bool) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tokens.json")
	store, err := oauth.OpenFileStore(path)
	if seal {
		store, err = oauth.OpenSealedFileStore(path, newGCM(damageKey))
	}
	if err != nil {
		t.Fatal(err)
	}
	f := newFake()
	for _, g := range []grant{ada, {userID: "456", login: "grace"}} {
		if err := store.Save(t.Context(), g.userID, f.token(g)); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// openDamaged opens a file with these bytes, with the same options as the intact file.
func openDamaged(t *testing.T, path string, data []byte, seal bool) (*oauth.FileStore, error) {
	t.Helper()
	writeFile(t, path, data)
	if seal {
		return oauth.OpenSealedFileStore(path, newGCM(damageKey))
	}
	return oauth.OpenFileStore(path)
}

// wantDamage checks an error: it names the file, contains what to do and no secret. The
// file must not be changed, so that the operator can examine it.
func wantDamage(t *testing.T, path string, data []byte, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("got no error for %.40q… of %d bytes", data, len(data))
		return
	}
	text := err.Error()
	advice := false
	for _, words := range []string{"restore it from a copy", "restore the file from a copy", "give the key", "newer one of this"} {
		advice = advice || strings.Contains(text, words)
	}
	if !strings.Contains(text, path) || !advice {
		t.Errorf("got %q, want the file's name and what to do", text)
	}
	wantNoCanary(t, text, "the error")
	if kept, _ := os.ReadFile(path); !bytes.Equal(kept, data) {
		t.Error("got the file changed")
	}
}

func TestTornFileIsReported(t *testing.T) {
	for _, seal := range []bool{false, true} {
		whole := wholeFile(t, seal)
		path := filepath.Join(t.TempDir(), "tokens.json")
		for n := range len(bytes.TrimSpace(whole)) {
			_, err := openDamaged(t, path, whole[:n], seal)
			wantDamage(t, path, whole[:n], err)
			if n%10 == 0 { // right length but zero bytes, as after a power cut
				zeros := append(bytes.Clone(whole[:n]), make([]byte, len(whole)-n)...)
				_, err := openDamaged(t, path, zeros, seal)
				wantDamage(t, path, zeros, err)
			}
		}
	}
}

// A changed byte of an encrypted file is an error, or does not change the tokens.
func TestTamperedFileIsReported(t *testing.T) {
	whole := wholeFile(t, true)
	path := filepath.Join(t.TempDir(), "tokens.json")
	store, err := openDamaged(t, path, whole, true)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]oauth.Secret{}
	for _, key := range []string{"123", "456"} {
		token, err := store.Load(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		want[key] = token.AccessToken
	}
	for i := range whole {
		changed := bytes.Clone(whole)
		changed[i] ^= 1
		store, err := openDamaged(t, path, changed, true)
		if err != nil {
			wantDamage(t, path, changed, err)
			continue
		}
		for key, token := range want {
			if got, err := store.Load(t.Context(), key); err != nil || got.AccessToken != token {
				t.Errorf("got another token, %v, by changing byte %d", err, i)
			}
		}
	}
}

func TestForgedFileIsReported(t *testing.T) {
	var sealed struct {
		Version int               `json:"version"`
		Sealed  map[string][]byte `json:"sealed"`
	}
	if err := json.Unmarshal(wholeFile(t, true), &sealed); err != nil {
		t.Fatal(err)
	}
	forged := func(version int, rows map[string][]byte) []byte {
		data, err := json.Marshal(map[string]any{"version": version, "sealed": rows})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	plain := wholeFile(t, false)
	garbage, err := newGCM(damageKey).Seal([]byte(`{"expires_at":"canary"}`), oauth.SealedIdentity("123"))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		seal bool
		data []byte
	}{
		{"swapped rows", true, forged(2, map[string][]byte{"123": sealed.Sealed["456"], "456": sealed.Sealed["123"]})},
		{"a row of another user", true, forged(2, map[string][]byte{"789": sealed.Sealed["456"]})},
		{"the app's token made of a user's", true, forged(2, map[string][]byte{"app": sealed.Sealed["456"]})},
		{"a plain row among sealed ones", true, forged(2, map[string][]byte{"123": []byte(`{"access_token":"access-canary"}`)})},
		{"an empty row", true, forged(2, map[string][]byte{"123": {}})},
		{"a sealed row that is no token", true, forged(2, map[string][]byte{"123": garbage})},
		{"sealed rows in a plain file", false, forged(1, sealed.Sealed)},
		{"plain rows in a sealed file", true, bytes.Replace(plain, []byte(`"version": 1`), []byte(`"version": 2`), 1)},
		{"both", true, []byte(`{"version":2,"sealed":{},"tokens":{}}`)},
		{"sealed, opened without a key", false, forged(2, sealed.Sealed)},
		{"a newer version", false, []byte(`{"version":3,"tokens":{}}`)},
		{"a newer version, sealed", true, []byte(`{"version":99,"vault":"canary"}`)},
		{"no version", false, []byte(`{"tokens":{}}`)},
		{"a version below", false, []byte(`{"version":-1,"tokens":{}}`)},
		{"a version that is no number", false, []byte(`{"version":"canary","tokens":{}}`)},
		{"no tokens", false, []byte(`{"version":1}`)},
		{"null", false, []byte(`null`)},
		{"a token that is none", false, []byte(`{"version":1,"tokens":{"123":"canary"}}`)},
		{"a time that is none", false, []byte(`{"version":1,"tokens":{"123":{"expires_at":"canary"}}}`)},
		{"something behind it", false, append(bytes.Clone(plain), `{"canary":1}`...)},
		{"another file", false, []byte("ACCESSTOKEN=access-canary\n")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "tokens.json")
			_, err := openDamaged(t, path, tt.data, tt.seal)
			wantDamage(t, path, tt.data, err)
		})
	}
}

// The contents are cached only as long as the file is unchanged.
func TestFileIsReadAgainWhenItChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	whole := wholeFile(t, false)
	store, err := openDamaged(t, path, whole, false)
	if err != nil {
		t.Fatal(err)
	}
	age := func(by time.Duration) {
		t.Helper()
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-by)); err != nil {
			t.Fatal(err)
		}
	}
	age(time.Hour) // old enough to be cached
	token, err := store.Load(t.Context(), "123")
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		wantNoCanary(t, fmt.Sprintf(verb, store), "the store")
	}
	token.Scopes[0] = "mischief" // a returned token belongs to the caller
	if again, err := store.Load(t.Context(), "123"); err != nil || again.Scopes[0] == "mischief" {
		t.Errorf("got %v, %v, want a token of one's own", again.Scopes, err)
	}

	// Another process saves.
	token.Problem = "new"
	if err := openFile(t, path).Save(t.Context(), "123", token); err != nil {
		t.Fatal(err)
	}
	if again, err := store.Load(t.Context(), "123"); err != nil || again.Problem != "new" {
		t.Errorf("got %+v, %v, want what another process has saved", again, err)
	}
	// A token that could not be written is not in the cache either.
	age(time.Hour)
	far := token
	far.Problem, far.ExpiresAt = "far", time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, err := store.Load(t.Context(), "123"); err != nil {
		t.Fatal(err)
	}
	if err := store.Save(t.Context(), "123", far); err == nil {
		t.Error("got no error for a year that JSON cannot hold")
	}
	if again, err := store.Load(t.Context(), "123"); err != nil || again.Problem != "new" {
		t.Errorf("got %+v, %v, want what is in the file", again, err)
	}
	// One byte, and a file of the same length and time in its place.
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, bytes.Replace(data, []byte(`"new"`), []byte(`"now"`), 1))
	age(2 * time.Hour)
	if again, err := store.Load(t.Context(), "123"); err != nil || again.Problem != "now" {
		t.Errorf("got %+v, %v, want what the other process has written", again, err)
	}
	then, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, path+".other", bytes.Replace(data, []byte(`"new"`), []byte(`"old"`), 1))
	if err := errors.Join(os.Chtimes(path+".other", time.Time{}, then.ModTime()), os.Rename(path+".other", path)); err != nil {
		t.Fatal(err)
	}
	if again, err := store.Load(t.Context(), "123"); err != nil || again.Problem != "old" {
		t.Errorf("got %+v, %v, want that of the other file", again, err)
	}
	// The file is damaged, made readable for others, and deleted.
	age(time.Hour)
	if _, err := store.Load(t.Context(), "123"); err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, whole[:50])
	_, err = store.Load(t.Context(), "123")
	wantDamage(t, path, whole[:50], err)
	writeFile(t, path, whole)
	age(time.Hour)
	if _, err := store.Load(t.Context(), "123"); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(t.Context(), "123"); runtime.GOOS != "windows" && (err == nil || !strings.Contains(err.Error(), "chmod 600")) {
		t.Errorf("got %v, want what to do about a file that others may read", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(t.Context(), "123"); !errors.Is(err, oauth.ErrNoToken) {
		t.Errorf("got %v, want ErrNoToken without a file", err)
	}
}

func FuzzTokenFile(f *testing.F) {
	f.Add([]byte(`{"version":1,"tokens":{"123":{"access_token":"access-canary"}}}`), false)
	f.Add([]byte(`{"version":1,"tokens":{"123":{"acc`), false)
	f.Add([]byte(`{"version":1,"tokens":{"123":{"expires_at":"canary"}}}`), true)
	f.Add(wholeFile(f, false), true)
	f.Add(wholeFile(f, true), true)
	f.Fuzz(func(t *testing.T, data []byte, seal bool) {
		path := filepath.Join(t.TempDir(), "tokens.json")
		store, err := openDamaged(t, path, data, seal)
		if err != nil {
			if !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want the path in it", err)
			}
			if !seal { // where keys are named
				wantNoCanary(t, err.Error(), "the error")
			}
			return
		}
		if err := store.Save(t.Context(), "1", oauth.Token{AccessToken: "a"}); err != nil {
			t.Skip() // years beyond 9999
		}
		if got, err := store.Load(t.Context(), "1"); err != nil || got.AccessToken != "a" {
			t.Errorf("got %v, %v", got, err)
		}
	})
}
