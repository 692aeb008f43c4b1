package eventsub_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A doubtful owner divides shards as FileShards does, but is not sure to own them.
type doubtful struct {
	*eventsub.FileShards

	asked atomic.Int32
	sure  atomic.Bool
}

func (d *doubtful) Owns(ctx context.Context, name string, claim eventsub.ShardClaim) error {
	d.asked.Add(1)
	if !d.sure.Load() {
		return errors.New("no answer from the cluster")
	}
	return d.FileShards.Owns(ctx, name, claim)
}

// No shard is assigned by a process that may have lost it.
func TestConduitAsksItsOwnerBeforeItAssigns(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		owner := &doubtful{FileShards: eventsub.NewFileShards(s.t.TempDir())}
		p := s.start(eventsub.ConduitOptions{Shards: 2, Owner: owner})
		time.Sleep(5 * time.Minute)
		id := p.State().ConduitID
		if enabled, _ := s.shards(id); enabled != 0 || owner.asked.Load() == 0 {
			t.Errorf("got %d assigned shards after %d questions, want none", enabled, owner.asked.Load())
		}
		owner.sure.Store(true)
		p.ready()
		time.Sleep(2 * time.Minute)
		s.wantShards(id, 2)
		p.end()
	})
}
