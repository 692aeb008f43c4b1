package oauth_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

// sealedTokens is the number of tokens that are encrypted in one write.
const sealedTokens = 100

// TestKilledInSealing kills real processes that encrypt plain files and change the key
// of encrypted ones. Afterwards every file must hold all tokens, and be either plain, or
// readable with the first key alone, or with the second key alone. LARKSPUR_KILLS=200 makes it a
// long run.
func TestKilledInSealing(t *testing.T) {
	if job := os.Getenv(killVariable); job != "" {
		sealUntilKilled(t, strings.Split(job, "\n"))
		return
	}
	first, second := keyring.NewKey(), keyring.NewKey()
	template := filepath.Join(t.TempDir(), "plain.json")
	tokens := map[string]oauth.Token{}
	f, store := newFake(), openFile(t, template)
	for i := range sealedTokens {
		key := strconv.Itoa(i)
		tokens[key] = f.token(grant{userID: key, login: "user" + key})
		if err := store.Save(t.Context(), key, tokens[key]); err != nil {
			t.Fatal(err)
		}
	}
	found := map[string]int{}
	for range scale(t, "LARKSPUR_KILLS", 15) {
		dir := t.TempDir()
		job := strings.Join([]string{template, dir, string(first), string(second)}, "\n")
		for _, line := range killed(t, "TestKilledInSealing", job, 40*time.Millisecond) {
			t.Errorf("got %q from the process", line)
		}
		names, err := filepath.Glob(filepath.Join(dir, "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			found[wantAll(t, name, tokens, first, second)]++
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp")); len(left) > 0 {
			t.Errorf("got %v, want what the dead have left swept away", left)
		}
	}
	t.Logf("files after the kills: %v", found)
}

// sealUntilKilled encrypts one file after the other.
func sealUntilKilled(t *testing.T, job []string) {
	template, dir := job[0], job[1]
	old, both := ring(t, oauth.Secret(job[2])), ring(t, oauth.Secret(job[3]), oauth.Secret(job[2]))
	fmt.Println("ready")
	for i := 0; ; i++ {
		path := filepath.Join(dir, strconv.Itoa(i)+".json")
		if err := os.Link(template, path); err != nil {
			t.Fatal(err)
		}
		if _, err := oauth.OpenSealedFileStore(path, old); err != nil {
			t.Fatal(err)
		}
		store, err := oauth.OpenSealedFileStore(path, both)
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Reseal(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func ring(t *testing.T, keys ...oauth.Secret) *keyring.Ring {
	t.Helper()
	r, err := keyring.New(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// wantAll checks that a file can be opened with one key alone, and returns which.
func wantAll(t *testing.T, path string, want map[string]oauth.Token, first, second oauth.Secret) (how string) {
	t.Helper()
	store, err := oauth.OpenFileStore(path)
	how = "plain"
	if err != nil {
		how = "first key"
		store, err = oauth.OpenSealedFileStore(path, ring(t, first))
	}
	if err != nil {
		how = "second key"
		store, err = oauth.OpenSealedFileStore(path, ring(t, second))
	}
	if err != nil {
		t.Fatalf("got %v, want one that opens with one of the keys alone", err)
	}
	for key, token := range want {
		token.ExpiresAt = token.ExpiresAt.UTC().Round(0)
		got, err := store.Load(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(token, got); diff != "" {
			t.Fatalf("token %s: %s", key, diff)
		}
	}
	return how
}
