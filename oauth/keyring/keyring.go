// Package keyring encrypts the tokens of a store, so that a copy of its file is of
// no use without the key.
//
// Start with
//
//	ring, err := keyring.Open(keyring.Source{File: "/etc/bot/token.key"})
//	…
//	store, err := oauth.OpenSealedFileStore("tokens.json", ring)
//
// The key comes from a file, a systemd credential, an environment variable or a
// passphrase; [NewKey] makes one. A [Ring] is safe for concurrent use.
//
// It does not protect against processes of the same operating system user, which can read
// the key as the program does.
package keyring

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A Ring encrypts tokens with XChaCha20-Poly1305. It seals with one key and opens
// with that and older ones: to change keys, put a new one first and call Reseal of
// each store.
//
// It does not keep a row from being put back to what it was before: who can write the
// file can do that.
type Ring struct {
	keys       []key // the first seals; none: the passphrase does
	passphrase *oauth.Secret

	mu      sync.Mutex
	derived map[keyID]key // guarded by mu; of the passphrase, by salt
	salt    keyID         // guarded by mu; the one to seal with; zero: none yet
}

var _ oauth.Sealer = (*Ring)(nil)

// keyID names a key in what was sealed with it: part of the key's hash, or the salt
// that makes it from a passphrase.
type keyID [16]byte

type key struct {
	id   keyID
	aead cipher.AEAD
}

// The sealed format: a byte for the version, the key's ID, a nonce, the ciphertext.
const (
	byKey        = 1
	byPassphrase = 2

	headerSize = 1 + len(keyID{})
)

// The cost of a guess at a passphrase: what RFC 9106 recommends where memory is not
// plenty. To change it, add another first byte.
const (
	argonTime    = 3
	argonMemory  = 64 << 10 // KiB
	argonThreads = 4
)

// maxSalts bounds the work that a doctored file can make us do.
const maxSalts = 16

// What is wrong with something that cannot be opened.
var (
	// ErrTampered: the data does not match the key that it names.
	ErrTampered = errors.New("the key or passphrase is wrong, or the data was changed")
	// ErrUnknownKey: it was sealed with a key that the ring does not hold.
	ErrUnknownKey = errors.New("it is encrypted with a key that is not at hand")

	errNotSealed = errors.New("it is not encrypted, or torn")
	errSalts     = errors.New("too many salts, so the data was changed")
)

// New returns a ring of keys that [NewKey] made: the first seals, the others only open.
func New(keys ...oauth.Secret) (*Ring, error) {
	lines := make([]string, len(keys))
	for i, k := range keys {
		lines[i] = string(k)
	}
	r, err := parseKeys(strings.Join(lines, "\n"))
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	return r, nil
}

// newKey returns the key made of 32 bytes.
func newKey(bits []byte) (key, error) {
	aead, err := chacha20poly1305.NewX(bits)
	if err != nil {
		return key{}, err
	}
	sum := sha256.Sum256(append([]byte("larkspur key id\x00"), bits...))
	return key{id: keyID(sum[:]), aead: aead}, nil
}

// Seal encrypts plain. It opens under the same identity only.
func (r *Ring) Seal(plain []byte, identity string) ([]byte, error) {
	kind, k, err := r.sealing()
	if err != nil {
		return nil, fmt.Errorf("keyring: seal: %w", err)
	}
	sealed := append([]byte{kind}, k.id[:]...)
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	_, _ = rand.Read(nonce) // documented to never fail
	sealed = append(sealed, nonce...)
	return k.aead.Seal(sealed, nonce, plain, extra(sealed[:headerSize], identity)), nil
}

// Open decrypts what Seal made.
func (r *Ring) Open(sealed []byte, identity string) ([]byte, error) {
	if len(sealed) < headerSize+chacha20poly1305.NonceSizeX+chacha20poly1305.Overhead {
		return nil, errNotSealed
	}
	header, rest := sealed[:headerSize], sealed[headerSize:]
	k, err := r.opening(header[0], keyID(header[1:]))
	if err != nil {
		return nil, err
	}
	nonce, text := rest[:chacha20poly1305.NonceSizeX], rest[chacha20poly1305.NonceSizeX:]
	plain, err := k.aead.Open(nil, nonce, text, extra(header, identity))
	if err != nil {
		return nil, ErrTampered
	}
	if header[0] == byPassphrase {
		r.adopt(k.id)
	}
	return plain, nil
}

// extra is authenticated but not encrypted.
func extra(header []byte, identity string) []byte {
	return append(bytes.Clone(header), identity...)
}

func (r *Ring) sealing() (kind byte, k key, err error) {
	if len(r.keys) > 0 {
		return byKey, r.keys[0], nil
	}
	r.mu.Lock()
	salt := r.salt
	r.mu.Unlock()
	if salt == (keyID{}) {
		_, _ = rand.Read(salt[:])
	}
	k, err = r.derive(salt)
	if err == nil {
		r.adopt(salt)
	}
	return byPassphrase, k, err
}

func (r *Ring) opening(kind byte, id keyID) (key, error) {
	switch {
	case kind == byKey:
		for _, k := range r.keys {
			if k.id == id {
				return k, nil
			}
		}
		return key{}, ErrUnknownKey
	case kind == byPassphrase && r.passphrase != nil:
		return r.derive(id)
	case kind == byPassphrase:
		return key{}, ErrUnknownKey
	}
	return key{}, errNotSealed
}

// adopt makes salt the one to seal with, so that a file has one salt and opening it
// takes one derivation.
func (r *Ring) adopt(salt keyID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.salt == (keyID{}) {
		r.salt = salt
	}
}

// derive makes a key from the passphrase, once for each salt.
func (r *Ring) derive(salt keyID) (key, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if k, ok := r.derived[salt]; ok {
		return k, nil
	}
	if len(r.derived) >= maxSalts {
		return key{}, errSalts
	}
	bits := argon2.IDKey([]byte(*r.passphrase), salt[:], argonTime, argonMemory, argonThreads, chacha20poly1305.KeySize)
	k, err := newKey(bits)
	if err != nil {
		return key{}, err
	}
	k.id = salt
	if r.derived == nil {
		r.derived = map[keyID]key{}
	}
	r.derived[salt] = k
	return k, nil
}

// Format writes only what r is.
func (r *Ring) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "keyring.Ring") // fmt's buffer does not fail
}
