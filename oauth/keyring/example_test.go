package keyring_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

// Tokens in an encrypted file. The key is in a separate file, which must be kept apart from
// copies of the tokens.
func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	keyFile, tokens := filepath.Join(dir, "token.key"), filepath.Join(dir, "tokens.json")
	if err := os.WriteFile(keyFile, []byte(keyring.NewKey()), 0o600); err != nil {
		fmt.Println(err)
		return
	}

	ring, err := keyring.Open(keyring.Source{File: keyFile})
	if err != nil {
		fmt.Println(err)
		return
	}
	store, err := oauth.OpenSealedFileStore(tokens, ring)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	fmt.Println(store.Save(ctx, "7", oauth.Token{UserID: "7", AccessToken: "secret"}))

	// The file cannot be read without the key.
	stranger, err := keyring.New(keyring.NewKey())
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = oauth.OpenSealedFileStore(tokens, stranger)
	fmt.Println(errors.Is(err, keyring.ErrUnknownKey))
	// Output:
	// <nil>
	// true
}
