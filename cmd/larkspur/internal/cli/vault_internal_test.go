package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// proc returns a process with its own environment and no terminal.
func proc(variables map[string]string) Process {
	return Process{Stdin: strings.NewReader(""), Stderr: new(strings.Builder), Getenv: func(name string) (string, bool) {
		v, ok := variables[name]
		return v, ok
	}}
}

func openVault(t *testing.T, state, key string) *vault {
	t.Helper()
	return openWithFlags(t, storeFlags{state: state, key: key})
}

func openWithFlags(t *testing.T, f storeFlags) *vault {
	t.Helper()
	v, err := openTokens(t.Context(), proc(nil), f, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

func save(t *testing.T, v *vault, user string) {
	t.Helper()
	if err := v.Save(t.Context(), user, oauth.Token{UserID: user, AccessToken: oauth.Secret("token-of-" + user), RefreshToken: "r"}); err != nil {
		t.Fatal(err)
	}
}

// plainFile writes a token file that is not encrypted, and returns its name.
func plainFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tokens.json")
	store, err := oauth.OpenFileStore(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Save(t.Context(), "7", oauth.Token{UserID: "7", AccessToken: "token-of-7"}); err != nil {
		t.Fatal(err)
	}
	return path
}

// Several processes start at once in an empty state directory: they agree on one key.
func TestFirstKey(t *testing.T) {
	state := t.TempDir()
	users := []string{"1", "2", "3", "4", "5", "6"}
	var wg sync.WaitGroup
	for _, user := range users {
		v := openVault(t, state, "")
		wg.Go(func() { save(t, v, user) })
	}
	wg.Wait()
	v := openVault(t, state, "")
	keys, err := v.List(t.Context())
	if err != nil || len(keys) != len(users) {
		t.Errorf("got %v, %v, want all of %v", keys, err, users)
	}
	for _, user := range users {
		if got, err := v.Load(t.Context(), user); err != nil || string(got.AccessToken) != "token-of-"+user {
			t.Errorf("%s: got %v", user, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(state, ".*")); len(left) > 0 {
		t.Errorf("got leftovers %v", left)
	}
}

// Another process encrypts a plain token file while a bot uses it. The bot continues if
// the key is the one beside the file; otherwise it says what to do and writes nothing.
func TestSealedWhileOpen(t *testing.T) {
	file := plainFile(t)
	running := openWithFlags(t, storeFlags{file: file})
	p := proc(nil)
	p.Stdout = new(strings.Builder)
	other, err := findVault(p, storeFlags{file: file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := sealWith(t.Context(), p, other, true); err != nil {
		t.Fatal(err)
	}
	if got, err := running.Load(t.Context(), "7"); err != nil || got.AccessToken != "token-of-7" {
		t.Errorf("got %v, want the token", err)
	}
	save(t, running, "8")
	if data, _ := os.ReadFile(running.path); strings.Contains(string(data), "token-of") {
		t.Error("the new token is plain")
	}

	file = plainFile(t)
	running = openWithFlags(t, storeFlags{file: file})
	key := filepath.Join(t.TempDir(), "my.key")
	if err := makeKeyFile(key, newKeyComment); err != nil {
		t.Fatal(err)
	}
	openWithFlags(t, storeFlags{file: file, key: key}) // encrypts
	before, _ := os.ReadFile(running.path)
	_, err = running.Load(t.Context(), "7")
	if err == nil || !strings.Contains(err.Error(), "tokens.json is encrypted") || !strings.Contains(err.Error(), "--token-key FILE") {
		t.Errorf("got %v, want what to do", err)
	}
	if err := running.Save(t.Context(), "8", oauth.Token{UserID: "8"}); err == nil {
		t.Error("a plain token was written among encrypted ones")
	}
	if after, _ := os.ReadFile(running.path); string(before) != string(after) {
		t.Error("the file was changed")
	}
}

// The key moves. A bot with the old key cannot use the tokens anymore and changes
// nothing, and no token is renewed while all are encrypted again.
func TestKeyMovesWhileOpen(t *testing.T) {
	state, dir := t.TempDir(), t.TempDir()
	running := openVault(t, state, "")
	save(t, running, "7")
	to := keySource{file: filepath.Join(dir, "my.key"), given: "--token-key"}
	if err := makeKeyFile(to.file, newKeyComment); err != nil {
		t.Fatal(err)
	}
	unlock, err := running.Lock(t.Context(), "7") // a renewal
	if err != nil {
		t.Fatal(err)
	}
	other := openVault(t, state, "")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := other.reseal(ctx, to); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want it to wait for the renewal", err)
	}
	if _, err := running.Load(t.Context(), "7"); err != nil {
		t.Errorf("got %v, want the interrupted move to have changed nothing", err)
	}
	unlock()
	for range 2 { // as if the first had been killed before it could say so
		if err := other.reseal(t.Context(), to); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := running.Load(t.Context(), "7"); err == nil {
		t.Error("the old key still opens it")
	}
	if got, err := openVault(t, state, to.file).Load(t.Context(), "7"); err != nil || got.AccessToken != "token-of-7" {
		t.Errorf("got %v with the new key", err)
	}
}

// A new login is not encrypted with a key that opens none of the other tokens.
func TestSaveAfterKeyMoved(t *testing.T) {
	state := t.TempDir()
	running := openVault(t, state, "")
	save(t, running, "7")
	key := filepath.Join(t.TempDir(), "my.key")
	if err := makeKeyFile(key, newKeyComment); err != nil {
		t.Fatal(err)
	}
	if err := openVault(t, state, "").reseal(t.Context(), keySource{file: key, given: "--token-key"}); err != nil {
		t.Fatal(err)
	}
	if err := running.Save(t.Context(), "8", oauth.Token{UserID: "8", AccessToken: "a"}); err == nil {
		t.Error("a token was stored under a key that opens nothing else")
	}
	openVault(t, state, key) // opens everything
}

// The Manager records the validation of many tokens in one write.
func TestUpdateOfMany(t *testing.T) {
	t.Run("database", func(t *testing.T) {
		v := openVault(t, t.TempDir(), "")
		save(t, v, "7")
		updateOne(t, v)
	})
	t.Run("plain file", func(t *testing.T) { updateOne(t, openWithFlags(t, storeFlags{file: plainFile(t)})) })
}

// updateOne updates one of three tokens, of which one does not exist.
func updateOne(t *testing.T, v *vault) {
	t.Helper()
	save(t, v, "8")
	seen := map[string]int{}
	err := v.Update(t.Context(), []string{"7", "8", "9"}, func(key string, token oauth.Token) (oauth.Token, bool) {
		seen[key]++
		token.Login = "user" + key
		return token, key == "8"
	})
	if err != nil || seen["7"] != 1 || seen["8"] != 1 || len(seen) != 2 {
		t.Errorf("got %v and %v, want 7 and 8 seen once", err, seen)
	}
	for key, want := range map[string]string{"7": "", "8": "user8"} {
		if got, err := v.Load(t.Context(), key); err != nil || got.Login != want {
			t.Errorf("got %q, %v, want %q", got.Login, err, want)
		}
	}
}
