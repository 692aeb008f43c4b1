package cli

import (
	"context"
	"path/filepath"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/store"
)

// events opens the database for events: beside the tokens, if these are in a file. The
// tokens must be open.
func (v *vault) events(ctx context.Context) (daemon.EventStores, error) {
	if v.db == nil {
		db, err := store.Open(ctx, filepath.Join(v.dir(), databaseName))
		if err != nil {
			return daemon.EventStores{}, err
		}
		v.db = db
	}
	e, err := v.db.Events(ctx, store.EventOptions{})
	if err != nil {
		return daemon.EventStores{}, err
	}
	return daemon.EventStores{Inbox: e, Seen: e, Watermarks: e, Secrets: v.db.WebhookSecrets(v.sealer)}, nil
}
