package store

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

func webhookKey(id string) eventsub.WebhookKey {
	return eventsub.WebhookKey{ID: id, Secret: eventsub.Secret("secret-of-" + id), CreatedAt: time.UnixMilli(1_800_000_000_123).UTC()}
}

func wantKeys(t *testing.T, w *WebhookSecrets, want ...eventsub.WebhookKey) {
	t.Helper()
	got, err := w.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.Transformer("reveal", func(s eventsub.Secret) string { return string(s) })); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func TestWebhookSecrets(t *testing.T) {
	for name, sealer := range map[string]oauth.Sealer{"plain": nil, "sealed": ring(t, keyring.NewKey())} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "larkspur.db")
			w := open(t, path).WebhookSecrets(sealer)
			for _, id := range []string{"a", "b"} {
				if err := w.SaveKey(t.Context(), webhookKey(id)); err != nil {
					t.Fatal(err)
				}
			}
			if sealer != nil {
				wantHidden(t, path, "secret-of-")
			}
			wantKeys(t, open(t, path).WebhookSecrets(sealer), webhookKey("a"), webhookKey("b"))
			for range 2 {
				if err := w.DeleteKey(t.Context(), "a"); err != nil {
					t.Fatal(err)
				}
			}
			wantKeys(t, w, webhookKey("b"))
		})
	}
}

// A passphrase that is set later hides what was stored without one, and a rotation of the
// key includes the webhook secrets.
func TestWebhookSecretsAreSealedWithTheTokens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "larkspur.db")
	s := open(t, path)
	if err := s.WebhookSecrets(nil).SaveKey(t.Context(), webhookKey("a")); err != nil {
		t.Fatal(err)
	}
	older, newer := keyring.NewKey(), keyring.NewKey()
	sealedTokens(t, s, ring(t, older))
	wantHidden(t, path, "secret-of-")
	wantKeys(t, s.WebhookSecrets(ring(t, older)), webhookKey("a"))
	if err := sealedTokens(t, s, ring(t, newer, older)).Reseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantKeys(t, s.WebhookSecrets(ring(t, newer)), webhookKey("a"))
	for name, sealer := range map[string]oauth.Sealer{"the old key": ring(t, older), "no key": nil} {
		if _, err := s.WebhookSecrets(sealer).Keys(t.Context()); err == nil || !strings.Contains(err.Error(), "key") || strings.Contains(err.Error(), "secret-of") {
			t.Errorf("%s: got %v, want an error that says what to do", name, err)
		}
	}
}

// A row that was moved to another id cannot be opened.
func TestWebhookSecretsCannotBeSwapped(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "larkspur.db"))
	w := s.WebhookSecrets(ring(t, keyring.NewKey()))
	if err := w.SaveKey(t.Context(), webhookKey("a")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.ExecContext(t.Context(), `UPDATE webhook_secrets SET id = 'b'`); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Keys(t.Context()); err == nil {
		t.Error("a swapped secret was opened")
	}
}
