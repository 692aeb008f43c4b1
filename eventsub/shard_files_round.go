package eventsub

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/internal/lock"
)

// A fileProcess is one running call of [FileShards.Share].
type fileProcess struct {
	f     *FileShards
	dir   string
	name  string
	id    string
	total int
}

const memberSuffix = ".process"

func (p *fileProcess) member(id string) string { return filepath.Join(p.dir, id+memberSuffix) }

func (p *fileProcess) path(shard int) string {
	return filepath.Join(p.dir, "shard-"+strconv.Itoa(shard))
}

// round gives up shards that are too many, takes free ones that this process is due, and
// reports changes.
func (p *fileProcess) round(update func(claims []ShardClaim)) error {
	running, rank, err := p.running()
	if err != nil {
		return err
	}
	due := p.total / running
	if rank < p.total%running {
		due++
	}
	surplus := p.surplus(due)
	if len(surplus) > 0 {
		update(p.claims(surplus))
		p.giveUp(surplus)
	}
	taken, err := p.take(due)
	if taken {
		update(p.claims(nil))
	}
	p.touch()
	return err
}

// running returns the number of processes that take part, and the place of this one in
// their order. It removes the files of those that were killed.
func (p *fileProcess) running() (n, rank int, err error) {
	files, err := os.ReadDir(p.dir)
	if err != nil {
		return 0, 0, err
	}
	n = 1
	for _, file := range files {
		id, ok := strings.CutSuffix(file.Name(), memberSuffix)
		if !ok || id == p.id {
			continue
		}
		unlock, err := lock.TryFile(p.member(id))
		switch {
		case err == nil:
			unlock()
		case !errors.Is(err, lock.ErrHeld):
			return 0, 0, err
		default:
			n++
			if id < p.id {
				rank++
			}
		}
	}
	return n, rank, nil
}

// surplus returns the shards that have to be given up: those that the conduit no longer
// has, and the last ones of those that are more than due.
func (p *fileProcess) surplus(due int) []int {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	owned := slices.Sorted(maps.Keys(p.f.owned[p.name]))
	end, _ := slices.BinarySearch(owned, p.total)
	return owned[min(end, due):]
}

// claims returns the owned shards except some.
func (p *fileProcess) claims(except []int) []ShardClaim {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	claims := make([]ShardClaim, 0, len(p.f.owned[p.name]))
	for n, s := range p.f.owned[p.name] {
		if !slices.Contains(except, n) {
			claims = append(claims, s.claim)
		}
	}
	slices.SortFunc(claims, func(a, b ShardClaim) int { return cmp.Compare(a.Shard, b.Shard) })
	return claims
}

// givenUp is the time of change of a file whose shard was given up in good order, in case
// it cannot be removed.
var givenUp = time.Unix(1, 0)

func (p *fileProcess) giveUp(shards []int) {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	for _, n := range shards {
		_ = os.Chtimes(p.path(n), givenUp, givenUp)
		p.f.owned[p.name][n].unlock()
		delete(p.f.owned[p.name], n)
	}
}

// take takes free shards until this process owns as many as it is due.
func (p *fileProcess) take(due int) (taken bool, err error) {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	owned := p.f.owned[p.name]
	for n := 0; n < p.total && len(owned) < due; n++ {
		if owned[n] != nil {
			continue
		}
		before, _ := os.Stat(p.path(n))
		unlock, err := lock.TryFile(p.path(n))
		if errors.Is(err, lock.ErrHeld) {
			continue
		}
		if err != nil {
			return taken, err
		}
		p.f.epochs++
		owned[n] = &fileShard{claim: ShardClaim{Shard: n, Epoch: p.f.epochs, Died: p.died(n, before)}, unlock: unlock}
		taken = true
	}
	return taken, nil
}

// died returns when the former owner of a shard last touched its file, or the zero time if
// it gave the shard up. Only the file of a process that was killed remains as it was before
// it was locked.
func (p *fileProcess) died(shard int, before os.FileInfo) time.Time {
	after, err := os.Stat(p.path(shard))
	if err != nil || before == nil || !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		return time.Time{}
	}
	at := after.ModTime()
	if !at.After(givenUp) || !at.Equal(at.Truncate(touchUnit)) {
		return time.Time{} // given up, or created by a process that did not get the lock
	}
	if now := time.Now(); at.After(now) {
		return now
	}
	return at
}

// touchUnit is the unit of the times of change that owners set: it tells them from the
// time at which a file was created.
const touchUnit = time.Millisecond

// touch records that this process runs.
func (p *fileProcess) touch() {
	now := time.Now().Truncate(touchUnit)
	for _, c := range p.claims(nil) {
		_ = os.Chtimes(p.path(c.Shard), now, now) // it only makes a Gap begin earlier
	}
}

// leave gives up all shards.
func (p *fileProcess) leave() {
	all := make([]int, 0)
	for _, c := range p.claims(nil) {
		all = append(all, c.Shard)
	}
	p.giveUp(all)
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	delete(p.f.owned, p.name)
}
