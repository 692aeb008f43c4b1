package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// WebhookSecrets are the secrets of webhook subscriptions in a [Store].
type WebhookSecrets struct {
	s      *Store
	sealer oauth.Sealer // nil: they are not encrypted
}

var _ eventsub.SecretStore = (*WebhookSecrets)(nil)

// WebhookSecrets returns the webhook secrets of s, encrypted by sealer unless that is nil.
// [Store.SealedTokens] encrypts those that are plain, and [Tokens.Reseal] encrypts them
// again.
func (s *Store) WebhookSecrets(sealer oauth.Sealer) *WebhookSecrets {
	return &WebhookSecrets{s: s, sealer: sealer}
}

// Keys returns all keys.
func (w *WebhookSecrets) Keys(ctx context.Context) ([]eventsub.WebhookKey, error) {
	rows, err := w.s.db.QueryContext(ctx, `SELECT id, secret, created_at FROM webhook_secrets ORDER BY created_at`)
	if err != nil {
		return nil, fmt.Errorf("store: load webhook secrets: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var keys []eventsub.WebhookKey
	for rows.Next() {
		var key eventsub.WebhookKey
		var data []byte
		var created int64
		if err := rows.Scan(&key.ID, &data, &created); err != nil {
			return nil, fmt.Errorf("store: load webhook secrets: %w", err)
		}
		if key.Secret, err = openSecret(w.sealer, key.ID, data); err != nil {
			return nil, fmt.Errorf("store: %s: %w", w.s.path, err)
		}
		key.CreatedAt = time.UnixMilli(created).UTC()
		keys = append(keys, key)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: load webhook secrets: %w", err)
	}
	return keys, nil
}

// SaveKey stores a key. When it returns nil, the key survives a power cut.
func (w *WebhookSecrets) SaveKey(ctx context.Context, key eventsub.WebhookKey) error {
	data, err := sealSecret(w.sealer, key.ID, key.Secret)
	if err == nil {
		_, err = w.s.db.ExecContext(ctx, `INSERT OR REPLACE INTO webhook_secrets (id, secret, created_at) VALUES (?, ?, ?)`,
			key.ID, data, key.CreatedAt.UnixMilli())
	}
	if err != nil {
		return fmt.Errorf("store: save webhook secret: %w", err)
	}
	return nil
}

// DeleteKey removes the key with an id. An unknown id is not an error.
func (w *WebhookSecrets) DeleteKey(ctx context.Context, id string) error {
	if _, err := w.s.db.ExecContext(ctx, `DELETE FROM webhook_secrets WHERE id = ?`, id); err != nil {
		return fmt.Errorf("store: delete webhook secret: %w", err)
	}
	return nil
}

// A plainSecret is the stored form of a secret before it is encrypted.
type plainSecret struct {
	Secret string `json:"secret"`
}

// secretIdentity is what the secret of a key is sealed as.
func secretIdentity(id string) string { return "webhook secret " + id }

func sealSecret(sealer oauth.Sealer, id string, secret eventsub.Secret) ([]byte, error) {
	data, err := json.Marshal(plainSecret{string(secret)})
	if err != nil || sealer == nil {
		return data, err
	}
	return sealer.Seal(data, secretIdentity(id))
}

func openSecret(sealer oauth.Sealer, id string, data []byte) (eventsub.Secret, error) {
	if !isPlain(data) {
		if sealer == nil {
			return "", fmt.Errorf("webhook secret %s: %w", id, errSealed)
		}
		plain, err := sealer.Open(data, secretIdentity(id))
		if err != nil {
			return "", fmt.Errorf("webhook secret %s cannot be opened: %w; give the right key, or restore the file from a copy", id, err)
		}
		data = plain
	}
	var plain plainSecret
	if err := json.Unmarshal(data, &plain); err != nil {
		return "", fmt.Errorf("webhook secret %s is damaged; restore the file from a copy", id)
	}
	return eventsub.Secret(plain.Secret), nil
}

// rewriteSecrets encrypts the plain webhook secrets, or all of them again. It returns
// whether it encrypted any.
func rewriteSecrets(ctx context.Context, tx *sql.Tx, sealer oauth.Sealer, all bool) (changed bool, err error) {
	rows, err := allRows(ctx, tx, `SELECT id, secret FROM webhook_secrets`)
	if err != nil {
		return false, err
	}
	for id, data := range rows {
		if !all && !isPlain(data) {
			continue
		}
		secret, err := openSecret(sealer, id, data)
		if err != nil {
			return false, err
		}
		if data, err = sealSecret(sealer, id, secret); err != nil {
			return false, err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE webhook_secrets SET secret = ? WHERE id = ?`, data, id); err != nil {
			return false, err
		}
		changed = true
	}
	return changed, nil
}
