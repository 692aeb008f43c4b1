package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// tokenFile writes a token file as an older version of the program left it.
func tokenFile(t *testing.T, path string, tokens map[string]oauth.Token) *oauth.FileStore {
	t.Helper()
	file, err := oauth.OpenFileStore(path)
	if err != nil {
		t.Fatal(err)
	}
	for key, token := range tokens {
		if err := file.Save(t.Context(), key, token); err != nil {
			t.Fatal(err)
		}
	}
	return file
}

func openStore(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func wantToken(t *testing.T, tokens *Tokens, key, want string) {
	t.Helper()
	got, err := tokens.Load(t.Context(), key)
	if err != nil || string(got.AccessToken) != want {
		t.Errorf("%s: got a token of %d bytes and %v, want %q", key, len(got.AccessToken), err, want)
	}
}

func TestImportOfTokenFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "tokens.json")
	file := tokenFile(t, path, map[string]oauth.Token{
		"app": {AccessToken: "of-app"},
		"7":   {UserID: "7", Login: "ada", AccessToken: "of-ada", RefreshToken: "r7", Problem: "revoked"},
		"8":   {UserID: "8", Login: "grace", AccessToken: "of-grace", RefreshToken: "r8"},
	})
	before, _ := os.ReadFile(path)
	tokens := openStore(t, filepath.Join(dir, "larkspur.db")).Tokens()
	done, err := tokens.Import(t.Context(), path, file)
	if err != nil || done.Users != 2 || done.Renamed != path+".imported" {
		t.Fatalf("got %+v, %v, want two users and the new name", done, err)
	}
	wantToken(t, tokens, "app", "of-app")
	wantToken(t, tokens, "7", "of-ada")
	wantToken(t, tokens, "8", "of-grace")
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want the old name gone", err)
	}
	if after, _ := os.ReadFile(done.Renamed); string(after) != string(before) {
		t.Error("the imported file was changed")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.lock")); len(left) > 0 {
		t.Errorf("got leftovers %v", left)
	}
}

// The program is killed after the copy and before the file gets its new name. Meanwhile
// the tokens were renewed, and a user logged out.
func TestSecondImportDoesNotRestoreOldTokens(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "tokens.json")
	file := tokenFile(t, path, map[string]oauth.Token{
		"7": {UserID: "7", AccessToken: "old", RefreshToken: "used up"},
		"8": {UserID: "8", AccessToken: "logged out"},
	})
	data, _ := os.ReadFile(path)
	tokens := openStore(t, filepath.Join(dir, "larkspur.db")).Tokens()
	if _, err := tokens.Import(t.Context(), path, file); err != nil {
		t.Fatal(err)
	}
	if err := tokens.Save(t.Context(), "7", oauth.Token{UserID: "7", AccessToken: "renewed"}); err != nil {
		t.Fatal(err)
	}
	if err := tokens.Delete(t.Context(), "8"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil { // as if it had not been renamed
		t.Fatal(err)
	}
	done, err := tokens.Import(t.Context(), path, tokenFile(t, path, nil))
	if err != nil || done.Renamed != path+".imported.2" {
		t.Fatalf("got %+v, %v, want another new name", done, err)
	}
	wantToken(t, tokens, "7", "renewed")
	if _, err := tokens.Load(t.Context(), "8"); !errors.Is(err, oauth.ErrNoToken) {
		t.Errorf("got %v, want the user still logged out", err)
	}
}

// A bot of an older version writes the file again: the token that it renewed is newer.
func TestImportKeepsTheTokenThatExpiresLater(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "tokens.json")
	now := time.Now()
	tokens := openStore(t, filepath.Join(dir, "larkspur.db")).Tokens()
	for key, token := range map[string]oauth.Token{
		"7": {UserID: "7", AccessToken: "stored-7", ExpiresAt: now.Add(time.Hour)},
		"8": {UserID: "8", AccessToken: "stored-8", ExpiresAt: now.Add(time.Hour)},
	} {
		if err := tokens.Save(t.Context(), key, token); err != nil {
			t.Fatal(err)
		}
	}
	file := tokenFile(t, path, map[string]oauth.Token{
		"7": {UserID: "7", AccessToken: "file-7", ExpiresAt: now.Add(2 * time.Hour)},
		"8": {UserID: "8", AccessToken: "file-8", ExpiresAt: now.Add(time.Minute)},
	})
	if _, err := tokens.Import(t.Context(), path, file); err != nil {
		t.Fatal(err)
	}
	wantToken(t, tokens, "7", "file-7")
	wantToken(t, tokens, "8", "stored-8")
}

// If a renewal of an older bot is under way, Import waits for its token.
func TestImportWaitsForRenewals(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "tokens.json")
	file := tokenFile(t, path, map[string]oauth.Token{"7": {UserID: "7", AccessToken: "old"}})
	tokens := openStore(t, filepath.Join(dir, "larkspur.db")).Tokens()
	unlock, err := file.Lock(t.Context(), "7")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := tokens.Import(ctx, path, file); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want it to wait for the renewal", err)
	}
	if err := file.Save(t.Context(), "7", oauth.Token{UserID: "7", AccessToken: "renewed"}); err != nil {
		t.Fatal(err) // no lock was left behind
	}
	unlock()
	if _, err := tokens.Import(t.Context(), path, file); err != nil {
		t.Fatal(err)
	}
	wantToken(t, tokens, "7", "renewed")
}

func TestOpenRefusesADirectory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "larkspur.db")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path); !errors.Is(err, ErrNotRegular) || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want the path and that it is not a regular file", err)
	}
}
