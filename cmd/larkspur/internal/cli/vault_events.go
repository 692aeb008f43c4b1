package cli

import (
	"context"
	"path/filepath"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/store"
	"github.com/larkspur-dev/larkspur/skill"
)

// events opens the database for events: beside the tokens, if these are in a file. The
// tokens must be open.
func (v *vault) events(ctx context.Context) (daemon.EventStores, error) {
	if err := v.openStore(ctx); err != nil {
		return daemon.EventStores{}, err
	}
	e, err := v.db.Events(ctx, store.EventOptions{})
	if err != nil {
		return daemon.EventStores{}, err
	}
	return daemon.EventStores{Inbox: e, Seen: e, Watermarks: e, Secrets: v.db.WebhookSecrets(v.sealer)}, nil
}

// memory opens the database for what skills remember: beside the tokens, if these are in a
// file. The tokens must be open.
func (v *vault) memory(ctx context.Context) (skill.Memory, error) {
	if err := v.openStore(ctx); err != nil {
		return nil, err
	}
	return v.db.Memory(), nil
}

// openStore opens the database, unless it is open.
func (v *vault) openStore(ctx context.Context) error {
	if v.db != nil {
		return nil
	}
	db, err := store.Open(ctx, filepath.Join(v.dir(), databaseName))
	if err != nil {
		return err
	}
	v.db = db
	return nil
}
