package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// newConduitName is the value of --conduit for a conduit that is deleted at the end.
const newConduitName = "new"

// openConduit returns a conduit: one with a name, which the processes of this machine
// share and which stays, or a new one, which is deleted at the end.
func (w *follower) openConduit(ctx context.Context) (eventSource, func(context.Context) error, error) {
	o := eventsub.ConduitOptions{
		URL: w.s.addresses.EventSub, OnRevoked: w.revoked,
		OnState: func(s eventsub.ConduitState) { w.state(s.Phase, s.String(), s.Err) },
	}
	if w.f.conduit != newConduitName {
		dir, err := stateDir(w.p, w.f.app.state)
		if err != nil {
			return nil, nil, err
		}
		o.Name, o.Owner = w.f.conduit, eventsub.NewFileShards(filepath.Join(dir, "conduits"))
		conduit := eventsub.NewConduit(w.s.tw, w.mux, o)
		return conduit, func(context.Context) error {
			if id := conduit.State().ConduitID; id != "" {
				w.notes.show(entry{
					Kind: "note", Text: "the conduit and its subscriptions stay for the next time; to delete them, run:",
					command: w.f.app.command("larkspur conduit delete " + id),
				})
			}
			return nil
		}, nil
	}
	made, err := createConduit(ctx, w.s.tw, w.f.app, 1)
	if err != nil {
		return nil, nil, err
	}
	o.ID = made.ID
	return eventsub.NewConduit(w.s.tw, w.mux, o), func(ctx context.Context) error {
		err := w.s.tw.Conduits.Delete(ctx, helix.DeleteConduitParams{ID: made.ID})
		if err == nil || errors.Is(err, helix.ErrNotFound) {
			return nil
		}
		return fmt.Errorf("the conduit was not deleted: %w; to delete it, run:\n  %s", err, w.f.app.command("larkspur conduit delete "+made.ID))
	}, nil
}
