package oauth_test

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/oauth"
)

// gcm is a sealer of the standard library; each nonce is used once.
type gcm struct {
	key  string
	used *byte
}

func newGCM(key string) gcm { return gcm{key, new(byte)} }

func (g gcm) aead() cipher.AEAD {
	block, _ := aes.NewCipher([]byte(g.key))
	aead, _ := cipher.NewGCM(block)
	return aead
}

func (g gcm) Seal(plain []byte, identity string) ([]byte, error) {
	*g.used++
	nonce := append(make([]byte, 11), *g.used)
	return g.aead().Seal(nonce, nonce, plain, []byte(identity)), nil
}

func (g gcm) Open(sealed []byte, identity string) ([]byte, error) {
	if len(sealed) < 12 {
		return nil, errors.New("torn")
	}
	return g.aead().Open(nil, sealed[:12], sealed[12:], []byte(identity))
}

func TestSealedFileStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	want := newFake().token(ada)
	want.ExpiresAt = want.ExpiresAt.UTC().Round(0)
	if err := openFile(t, path).Save(t.Context(), "123", want); err != nil { // plain at first
		t.Fatal(err)
	}
	key := newGCM("0123456789abcdef")
	store, err := oauth.OpenSealedFileStore(path, key)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wantNoCanary(t, string(data), "the file")
	if err := store.Save(t.Context(), "456", want); err != nil {
		t.Fatal(err)
	}
	if err := store.Delete(t.Context(), "456"); err != nil {
		t.Fatal(err)
	}
	if err := store.Reseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	if keys, err := store.List(t.Context()); err != nil || !cmp.Equal(keys, []string{"123"}) {
		t.Errorf("got %v, %v, want ada's alone", keys, err)
	}
	got, err := store.Load(t.Context(), "123")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := store.Load(t.Context(), "456"); !errors.Is(err, oauth.ErrNoToken) {
		t.Errorf("got %v, want ErrNoToken", err)
	}
	_, err = oauth.OpenSealedFileStore(path, newGCM("another key 1234"))
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "right key") {
		t.Errorf("got %v for another key, want the file and what to do", err)
	}
	if _, err := oauth.OpenFileStore(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v without a key, want the file", err)
	}

	// A plain file is put in its place while the program runs.
	writeFile(t, path, []byte(`{"version":1,"tokens":{"123":{"access_token":"mine"}}}`))
	if _, err := store.Load(t.Context(), "123"); err == nil || !strings.Contains(err.Error(), "replaced") {
		t.Errorf("got %v, want that noticed", err)
	}
}
