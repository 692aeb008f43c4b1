package secrets_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/store"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/internal/canary"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

// secret is part of every secret in this test, and of no other text.
const secret = "s3cretv4lue9x8y7z6w5v4u3t2"

// holders returns a value of every type that holds a secret, with secret in it.
func holders(t *testing.T) []any {
	t.Helper()
	ctx := t.Context()
	token := oauth.Token{
		AccessToken: secret + "access", RefreshToken: secret + "refresh", IDToken: secret + "id",
		ClientID: "client", UserID: "7", Login: "ada", Scopes: oauth.NewScopeSet("chat:read"),
	}
	ring, err := keyring.Open(keyring.Source{Passphrase: secret + "phrase"})
	if err != nil {
		t.Fatal(err)
	}
	key := oauth.Secret("larkspur-key-1-" + base64.RawURLEncoding.EncodeToString([]byte("01234"+secret+"9")))
	keys, err := keyring.New(key)
	if err != nil {
		t.Fatal(err)
	}
	memory := oauth.NewMemoryStore()
	file := try(oauth.OpenFileStore(filepath.Join(t.TempDir(), "tokens.json")))(t)
	sealed := try(oauth.OpenSealedFileStore(filepath.Join(t.TempDir(), "tokens.json"), keys))(t)
	database := try(store.Open(ctx, filepath.Join(t.TempDir(), "larkspur.db")))(t)
	t.Cleanup(func() { _ = database.Close() })
	for _, s := range []oauth.Store{memory, file, sealed, database.Tokens()} {
		if err := s.Save(ctx, "7", token); err != nil {
			t.Fatal(err)
		}
	}
	manager := oauth.NewManager("client", secret+"client", memory, oauth.Options{})
	if _, err := manager.Token(ctx, "7"); err != nil {
		t.Fatal(err)
	}
	handler := try(oauth.NewHandler(manager, "http://localhost/oauth/callback", oauth.HandlerOptions{}))(t)
	var logins oauth.Logins
	logins.Begin(oauth.Login{Nonce: secret + "nonce"})

	tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.ClientCredentials("client", secret+"client"))
	fake := &oauth.Client{ClientID: "client", HTTPClient: &http.Client{Transport: answering(`{
		"device_code": "` + secret + `device", "user_code": "ABCD", "verification_uri": "http://localhost/activate",
		"user_id": "7", "login": "ada", "client_id": "client", "expires_in": 100
	}`)}}
	device := try(fake.StartDevice(ctx, nil))(t)
	identity := try(fake.Validate(ctx, secret+"access"))(t)
	static := helix.StaticToken("7", secret+"static")
	twitch := helix.New("client", static, helix.Options{})
	config := try(daemon.Load("bot.yaml", []byte(`
connectors:
  twitch: {client-id: a, client-secret: `+secret+`client, code: `+secret+`code, bot-code: `+secret+`bot, channel: ada}
  team: {url: "https://team.example/`+secret+`relay"}
skills: {hello: {match: {command: "!hello"}, do: [{say: hi}]}}
`), daemon.LoadOptions{}))(t)

	conduit := eventsub.ConduitOptions{Callback: "https://bot.example/eventsub", Secret: secret}
	account := larkspur.AccountOptions{Code: secret + "code", RefreshToken: secret + "refresh", RedirectURI: "http://localhost"}
	key1 := eventsub.WebhookKey{ID: "k1", Secret: secret}
	webhookKeys := database.WebhookSecrets(keys)
	if err := webhookKeys.SaveKey(ctx, key1); err != nil {
		t.Fatal(err)
	}
	hook := eventsub.NewWebhook(twitch, eventsub.NewMux(), eventsub.WebhookOptions{Callback: "https://bot.example/eventsub", Secrets: webhookKeys})
	hook.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/eventsub/k1", nil)) // it loads the keys

	return []any{
		token.AccessToken, token,
		[]oauth.Token{token},
		map[string]oauth.Token{"x": token},
		struct{ T oauth.Token }{token},
		oauth.Client{ClientID: "client", ClientSecret: secret},
		*device, identity, manager, handler, &logins,
		oauth.Options{},
		oauth.Login{Nonce: secret},
		oauth.Authorization{State: secret, Nonce: secret},
		memory, file, sealed, database, database.Tokens(), try(database.SealedTokens(ctx, keys))(t),
		ring, keys, key,
		keyring.Source{Passphrase: secret},
		static, twitch, twitch.As("7"), *twitch,
		helix.Options{},
		&helix.ExtensionSigner{OwnerID: "7", Secret: secret},
		eventsub.NewSession(twitch, eventsub.NewMux(), eventsub.SessionOptions{}),
		conduit, eventsub.NewConduit(twitch, eventsub.NewMux(), conduit),
		key1, hook, eventsub.Secret(secret),
		eventsub.NewReceiver(func(context.Context, string) ([]eventsub.Secret, error) { return nil, nil }, eventsub.NewMux().Accept, eventsub.ReceiverOptions{}),
		account, larkspur.NewAccount("client", secret+"client", memory, account),
		larkspur.NewConduitApp("client", secret+"client", memory, larkspur.AppOptions{Conduit: conduit}),
		irc.New(irc.Options{Login: "ada"}),
		config, *config, config.Twitch, config.Relays,
		try(relay.New("team", "https://team.example/"+secret+"relay", relay.Options{}))(t),
		try(relay.New("team", "discord://"+secret+"@123456", relay.Options{}))(t),
		tw,
	}
}

// answering responds to every request with its own text.
type answering string

func (a answering) RoundTrip(*http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	_, err := rec.WriteString(string(a))
	return rec.Result(), err
}

// Values that hold a secret do not show it, in any way that Go can print them.
func TestNothingPrintsItsSecrets(t *testing.T) {
	for _, holder := range holders(t) {
		for how, text := range printings(holder) {
			if how == "JSON" && begun(holder) {
				continue
			}
			if form, found := canary.Find(text, secret); found {
				t.Errorf("%T shows a secret (%s) by %s", holder, form, how)
			}
		}
	}
}

// begun reports whether v is a login under way, which a program with several processes
// may store as JSON.
func begun(v any) bool {
	switch v.(type) {
	case oauth.Login, oauth.Authorization:
		return true
	}
	return false
}

// printings returns v and the value it points to, printed in all ways.
func printings(v any) map[string]string {
	all := map[string]string{"Sprint": fmt.Sprint(v), "an error": fmt.Errorf("with %v", v).Error()}
	pointer := reflect.ValueOf(&v)
	if t := reflect.TypeOf(v); t.Kind() == reflect.Struct && t.Name() != "" {
		pointer = reflect.New(t)
		pointer.Elem().Set(reflect.ValueOf(v))
	}
	for _, verb := range []string{"v", "+v", "#v", "s", "q", "x", "X", "d", "t", "T"} {
		all["%"+verb] = fmt.Sprintf("%"+verb, v)
		all["%"+verb+" of a slice"] = fmt.Sprintf("%"+verb, []any{v})
		// With a wrong verb, fmt follows pointers inside a value without calling its
		// methods.
		all["%"+verb+" of pointers"] = fmt.Sprintf("%"+verb, []any{pointer.Interface()})
	}
	if data, err := json.Marshal(v); err == nil {
		all["JSON"] = string(data)
	}
	var log strings.Builder
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(h).Info("x", "v", v)
		slog.New(h).With("v", v).WithGroup("g").Info("x", slog.Group("h", "v", v))
	}
	all["a logger"] = log.String()
	return all
}

func try[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
