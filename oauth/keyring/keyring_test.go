package keyring

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/oauth"
)

// keyring returns one of keys, or of a new key.
func keyring(t testing.TB, keys ...oauth.Secret) *Ring {
	t.Helper()
	if len(keys) == 0 {
		keys = append(keys, NewKey())
	}
	r, err := New(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func passphrase(t testing.TB, words oauth.Secret) *Ring {
	t.Helper()
	r, err := Open(Source{Passphrase: words})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func seal(t testing.TB, r *Ring, plain, identity string) []byte {
	t.Helper()
	sealed, err := r.Seal([]byte(plain), identity)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestKeyringOpensWhatItSealed(t *testing.T) {
	for name, r := range map[string]*Ring{"key": keyring(t), "passphrase": passphrase(t, "correct horse battery")} {
		sealed := seal(t, r, "canary", "7")
		if bytes.Contains(sealed, []byte("canary")) || bytes.Equal(sealed, seal(t, r, "canary", "7")) {
			t.Errorf("%s: got %q, want it hidden and different each time", name, sealed)
		}
		if plain, err := r.Open(sealed, "7"); err != nil || string(plain) != "canary" {
			t.Errorf("%s: got %q, %v, want it back", name, plain, err)
		}
		if _, err := r.Open(sealed, "8"); !errors.Is(err, ErrTampered) {
			t.Errorf("%s: got %v for another's row, want %v", name, err, ErrTampered)
		}
		for i := range sealed {
			changed := bytes.Clone(sealed)
			changed[i] ^= 1
			if name == "passphrase" && i > 0 && i < headerSize {
				continue // another salt: another derivation, which takes long; see the next test
			}
			if _, err := r.Open(changed, "7"); err == nil {
				t.Errorf("%s: got no error with byte %d changed", name, i)
			}
		}
		for n := range sealed {
			if _, err := r.Open(sealed[:n], "7"); err == nil {
				t.Errorf("%s: got no error for %d bytes of it", name, n)
			}
		}
		for _, text := range []string{fmt.Sprintf("%v %+v %#v", r, r, r), fmt.Sprint(NewKey()), fmt.Sprintf("%#v", NewKey())} {
			if strings.Contains(text, keyPrefix) || strings.Contains(text, "horse") {
				t.Errorf("%s: got a secret in %s", name, text)
			}
		}
	}
}

func TestPassphrases(t *testing.T) {
	sealed := seal(t, passphrase(t, "correct horse battery"), "canary", "7")
	r := passphrase(t, "correct horse battery") // the next start of the program
	if plain, err := r.Open(sealed, "7"); err != nil || string(plain) != "canary" {
		t.Errorf("got %q, %v, want it back", plain, err)
	}
	again := seal(t, r, "other", "8")
	if !bytes.Equal(again[:headerSize], sealed[:headerSize]) {
		t.Error("got another salt, want one for the whole file")
	}
	if _, err := passphrase(t, "correct horse staple").Open(sealed, "7"); !errors.Is(err, ErrTampered) {
		t.Errorf("got %v, want %v", err, ErrTampered)
	}
	if _, err := keyring(t).Open(sealed, "7"); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("got %v with a key instead, want %v", err, ErrUnknownKey)
	}
	r.derived = map[keyID]key{}
	for i := range maxSalts {
		r.derived[keyID{byte(i + 1)}] = key{}
	}
	if _, err := r.Open(sealed, "7"); !errors.Is(err, errSalts) {
		t.Errorf("got %v after many salts, want %v", err, errSalts)
	}
}

func TestKeyRotation(t *testing.T) {
	older, newer := NewKey(), NewKey()
	sealed := seal(t, keyring(t, older), "canary", "7")
	both := keyring(t, newer, older)
	if plain, err := both.Open(sealed, "7"); err != nil || string(plain) != "canary" {
		t.Errorf("got %q, %v, want what the older key sealed", plain, err)
	}
	sealed = seal(t, both, "canary", "7")
	if _, err := keyring(t, newer).Open(sealed, "7"); err != nil {
		t.Errorf("got %v, want it sealed by the newer key", err)
	}
	if _, err := keyring(t, older).Open(sealed, "7"); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("got %v, want %v", err, ErrUnknownKey)
	}
}

func TestKeySources(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, mode fs.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	k := string(NewKey())
	good := write("good", "# made today\n\n"+k+"\r\n"+string(NewKey())+"\n", 0o600)
	write("credential", k, 0o444)
	getenv := func(values map[string]string) func(string) string {
		return func(name string) string { return values[name] }
	}
	systemd := getenv(map[string]string{"CREDENTIALS_DIRECTORY": dir, "KEY": k + "," + string(NewKey()), "BAD": k + "canary"})
	for _, tt := range []struct {
		name   string
		source Source
		want   string // in the error; empty: none
	}{
		{"file", Source{File: good}, ""},
		{"credential", Source{Credential: "credential", Getenv: systemd}, ""},
		{"variable", Source{Variable: "KEY", Getenv: systemd}, ""},
		{"none", Source{}, "give one"},
		{"two", Source{File: good, Variable: "KEY"}, "give one"},
		{"no file", Source{File: filepath.Join(dir, "none")}, "none"},
		{"a directory", Source{File: dir}, dir},
		{"empty file", Source{File: write("empty", "# nothing\n", 0o600)}, "holds no key"},
		{"a password", Source{File: write("password", "canary", 0o600)}, "line 1 is not a key"},
		{"a torn key", Source{File: write("torn", k+"\n"+k[:30], 0o600)}, "line 2 is not a key"},
		{"a key twice", Source{File: write("twice", k+"\n"+k, 0o600)}, "twice"},
		{"huge", Source{File: write("huge", strings.Repeat("#\n", maxKeyFile), 0o600)}, "too long"},
		{"no systemd", Source{Credential: "credential", Getenv: getenv(nil)}, "LoadCredential"},
		{"a path as credential", Source{Credential: "../x", Getenv: systemd}, "invalid"},
		{"unset variable", Source{Variable: "NONE", Getenv: systemd}, "variable NONE"},
		{"bad variable", Source{Variable: "BAD", Getenv: systemd}, "line 1"},
		{"short passphrase", Source{Passphrase: "canary"}, "12 characters"},
	} {
		r, err := Open(tt.source)
		if tt.want == "" {
			if err != nil {
				t.Errorf("%s: got %v, want none", tt.name, err)
			} else if _, err := keyring(t, oauth.Secret(k)).Open(seal(t, r, "x", "7"), "7"); err != nil {
				t.Errorf("%s: got %v, want the first key to seal", tt.name, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: got %v, want %q and no secret", tt.name, err, tt.want)
		}
	}
	if runtime.GOOS != "windows" {
		if _, err := Open(Source{File: write("loose", k, 0o640)}); !errors.Is(err, ErrTooOpen) || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("got %v for a key that others may read, want %v and what to do", err, ErrTooOpen)
		}
	}
}

func FuzzKeyFile(f *testing.F) {
	f.Add("# comment\n" + string(NewKey()) + "\n")
	f.Add(string(NewKey())[:40])
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parseKeys(text)
		if err != nil {
			for line := range strings.Lines(text) {
				if line = strings.TrimSpace(line); len(line) > 20 && strings.Contains(err.Error(), line) {
					t.Errorf("got a line of the file in %v", err)
				}
			}
			return
		}
		if plain, err := r.Open(seal(t, r, "x", "7"), "7"); err != nil || string(plain) != "x" {
			t.Errorf("got %q, %v", plain, err)
		}
	})
}

func FuzzSealed(f *testing.F) {
	r := keyring(f)
	f.Add(seal(f, r, "canary", "7"), "8")
	f.Add([]byte{byPassphrase}, "7")
	f.Add([]byte(`{"access_token":"a"}`), "7")
	f.Fuzz(func(t *testing.T, sealed []byte, identity string) {
		if plain, err := r.Open(sealed, identity); err == nil {
			t.Errorf("got %q from data that was never sealed", plain)
		}
	})
}
