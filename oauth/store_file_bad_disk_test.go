//go:build linux || darwin

package oauth_test

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/larkspur-dev/larkspur/oauth"
)

// diskVariable selects the entry of badDisks and the directory for a test process:
// "name\ndirectory".
const diskVariable = "LARKSPUR_TEST_DISK"

// badDisks are the faults of a disk that can be caused without privileges. Each function
// returns one that ends the fault.
var badDisks = map[string]func(t *testing.T, dir string) (repair func()){
	"full":         full,
	"no more open": noneOpen,
	"read only":    readOnly,
}

// TestBadDisk makes the disk fail just when Twitch has exchanged a refresh token that
// works once. The new token must stay in memory, must not be returned to a caller, and must
// be stored when the disk works again. The file on the disk stays intact, and the error
// names it.
func TestBadDisk(t *testing.T) {
	if job := os.Getenv(diskVariable); job != "" {
		name, dir, _ := strings.Cut(job, "\n")
		surviveBadDisk(t, dir, badDisks[name])
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	for name := range badDisks {
		t.Run(name, func(t *testing.T) {
			// In a separate process, because the fault affects the whole process.
			cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestBadDisk$", "-test.v")
			cmd.Env = append(os.Environ(), diskVariable+"="+name+"\n"+t.TempDir())
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			t.Logf("%s", out)
		})
	}
}

func surviveBadDisk(t *testing.T, dir string, spoil func(*testing.T, string) func()) {
	dropRoot(t, dir)
	path := filepath.Join(dir, "tokens.json")
	f := newFake()
	old := f.token(ada)
	store := openFile(t, path)
	if err := store.Save(t.Context(), ada.userID, old); err != nil {
		t.Fatal(err)
	}
	var repair func()
	m := f.manager(t, lateTrouble{store, func(n oauth.Token) {
		if n.AccessToken != old.AccessToken && repair == nil {
			repair = spoil(t, dir)
		}
	}}, oauth.Options{})
	token, err := m.Renew(t.Context(), ada.userID, string(old.AccessToken))
	if err == nil || token != "" {
		t.Fatalf("got %q, %v, want an error while the token cannot be stored", token, err)
	}
	if !strings.Contains(err.Error(), path) {
		t.Errorf("got %q, want the file named", err)
	}
	t.Log("the error:", err)
	if token, err := m.Token(t.Context(), ada.userID); err == nil && token != string(old.AccessToken) {
		t.Errorf("got %q, want the new token not to be returned", token)
	}
	repair()
	kept, err := openFile(t, path).Load(t.Context(), ada.userID)
	if err != nil || kept.AccessToken != old.AccessToken || kept.RefreshingSince.IsZero() {
		t.Fatalf("got %v, want the old token in a whole file, with the mark of the renewal", err)
	}
	if err := m.Close(t.Context()); err != nil { // the last chance to store it
		t.Fatal(err)
	}
	kept, err = openFile(t, path).Load(t.Context(), ada.userID)
	if err != nil || kept.AccessToken == old.AccessToken || !kept.RefreshingSince.IsZero() {
		t.Errorf("got %v, want the new token on the disk", err)
	}
	if n := f.count("refresh_token"); n != 1 {
		t.Errorf("got %d refreshes, want 1", n)
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("got %v beside the file, want nothing", left)
	}
}

// lateTrouble is a file store that calls a function before every write of a token.
type lateTrouble struct {
	*oauth.FileStore
	before func(oauth.Token)
}

func (s lateTrouble) Save(ctx context.Context, key string, t oauth.Token) error {
	s.before(t)
	return s.FileStore.Save(ctx, key, t)
}

// full limits the size of files, as on a disk with only a few free bytes.
func full(t *testing.T, _ string) func() {
	signal.Ignore(syscall.SIGXFSZ)
	return limit(t, syscall.RLIMIT_FSIZE, 100)
}

// noneOpen makes opening any further file fail.
func noneOpen(t *testing.T, _ string) func() {
	return limit(t, syscall.RLIMIT_NOFILE, 0)
}

func limit(t *testing.T, resource int, most uint64) func() {
	t.Helper()
	var before syscall.Rlimit
	if err := syscall.Getrlimit(resource, &before); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := syscall.Setrlimit(resource, &before); err != nil {
			t.Error(err)
		}
	}
}

// readOnly makes creating files in the directory fail.
func readOnly(t *testing.T, dir string) func() {
	t.Helper()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Error(err)
		}
	}
}

// dropRoot switches to an unprivileged user, because root may write everywhere.
func dropRoot(t *testing.T, dir string) {
	t.Helper()
	const nobody = 65534
	if os.Geteuid() != 0 {
		return
	}
	for _, d := range []string{dir, filepath.Dir(dir)} { // both belong to this test
		if err := os.Chown(d, nobody, nobody); err != nil {
			t.Skip(err)
		}
	}
	if err := syscall.Setuid(nobody); err != nil {
		t.Skip(err)
	}
	if _, err := os.ReadDir(dir); err != nil {
		t.Skip("the directory for tests is not open for others: ", err)
	}
}
