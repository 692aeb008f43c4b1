package eventsub

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/lock"
)

// filePoll is how often a process looks which others run and which shards are free.
const filePoll = 2 * time.Second

// A FileShards divides the shards of conduits among the processes of one machine. It is a
// [ShardOwner]. Each process owns a lock file for each of its shards; the operating system
// frees the locks of a process that ends for any reason, and the others take its shards
// over within a few seconds. Each process gets the same number of shards, give or take one.
//
// All processes have to use the same directory, on a local disk of the machine that they
// run on. The directory also remembers the id of the conduit for each name.
type FileShards struct {
	dir string

	mu     sync.Mutex
	owned  map[string]map[int]*fileShard // guarded by mu; by name and shard
	epochs uint64                        // guarded by mu
}

// A fileShard is a shard that this process owns.
type fileShard struct {
	claim  ShardClaim
	unlock func()
}

// NewFileShards returns a FileShards that keeps its files in a directory, which it creates
// if it does not exist.
func NewFileShards(dir string) *FileShards {
	return &FileShards{dir: dir, owned: map[string]map[int]*fileShard{}}
}

// folder returns the directory for the conduit with a name, and creates it.
func (f *FileShards) folder(name string) (string, error) {
	dir := filepath.Join(f.dir, "conduit-"+url.PathEscape(name))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("eventsub: shards of conduit %q: %w", name, err)
	}
	return dir, nil
}

// ConduitID implements [ShardOwner].
func (f *FileShards) ConduitID(ctx context.Context, name string, choose func(ctx context.Context, remembered string) (string, error)) (string, error) {
	dir, err := f.folder(name)
	if err != nil {
		return "", err
	}
	unlock, err := lock.File(ctx, filepath.Join(dir, "id.lock"))
	if err != nil {
		return "", err
	}
	defer unlock()
	path := filepath.Join(dir, "id")
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	remembered := strings.TrimSpace(string(content))
	id, err := choose(ctx, remembered)
	if err != nil || id == remembered {
		return id, err
	}
	return id, replaceFile(path, id+"\n")
}

// replaceFile writes a file so that it has its old or its new content after a crash.
func replaceFile(path, content string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// Owns implements [ShardOwner].
func (f *FileShards) Owns(_ context.Context, name string, claim ShardClaim) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.owned[name][claim.Shard]; s != nil && s.claim.Epoch == claim.Epoch {
		return nil // the lock is held as long as the process runs
	}
	return fmt.Errorf("eventsub: shard %d of conduit %q is not owned in epoch %d", claim.Shard, name, claim.Epoch)
}

// Share implements [ShardOwner]. A FileShards takes part once for each name: Share returns
// an error if it is running for the name already.
func (f *FileShards) Share(ctx context.Context, name string, totals <-chan int, update func(claims []ShardClaim)) error {
	dir, err := f.folder(name)
	if err != nil {
		return err
	}
	f.mu.Lock()
	if f.owned[name] != nil {
		f.mu.Unlock()
		return fmt.Errorf("eventsub: the shards of conduit %q are shared by this FileShards already: use another for each Conduit", name)
	}
	f.owned[name] = map[int]*fileShard{}
	f.mu.Unlock()
	p := &fileProcess{f: f, dir: dir, name: name, id: rand.Text()}
	defer p.leave()
	unlock, err := lock.TryFile(p.member(p.id))
	if err != nil {
		return fmt.Errorf("eventsub: shards of conduit %q: %w", name, err)
	}
	defer unlock()
	ticker := time.NewTicker(filePoll)
	defer ticker.Stop()
	for {
		select {
		case p.total = <-totals:
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
		if err := p.round(update); err != nil {
			return fmt.Errorf("eventsub: shards of conduit %q: %w", name, err)
		}
	}
}
