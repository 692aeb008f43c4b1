package helix_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
)

// A stage is a Twitch on which any endpoint can be called: ada is live and has a
// moderator and editor mod; grace follows, subscribes and has written in chat;
// linus is VIP; nobody is banned. The client is an extension of ada's.
type stage struct {
	*emulator.Server
	t  *testing.T
	tw *helix.Client // with all tokens and scopes

	ada, mod, grace, linus, nobody string // their ids
	message                        string // of grace, in ada's chat
	id, other                      string // of what a row's ready made
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, Server: emulator.Start(t, emulator.InMemory(), emulator.NoLimits(), emulator.Strict(),
		emulator.Channel("ada"), emulator.Team("Chess", "ada"), emulator.Extension("ada", ""), emulator.Channel("linus"), emulator.User("mod", "grace", "nobody"), emulator.Live("ada"),
		emulator.Moderator("ada", "mod"), emulator.Editor("ada", "mod"), emulator.VIP("ada", "linus"),
		emulator.Follower("ada", "grace", "linus"), emulator.Subscriber("ada", "grace"))}
	for login, id := range map[string]*string{"ada": &s.ada, "mod": &s.mod, "grace": &s.grace, "linus": &s.linus, "nobody": &s.nobody} {
		*id = s.UserID(login)
	}
	s.message = s.Say("ada", "grace", "hello")
	s.Ban("ada", "nobody", "")
	s.ActivateExtension("ada")
	s.tw = s.client(s.everything(), helix.Options{})
	return s
}

// client is a client of this Twitch.
func (s *stage) client(tokens helix.TokenSource, o helix.Options) *helix.Client {
	o.BaseURL = s.HelixURL()
	if o.HTTPClient == nil {
		o.HTTPClient = s.HTTPClient()
	}
	if o.JWT == nil {
		o.JWT = (&helix.ExtensionSigner{OwnerID: s.ada, Secret: s.ExtensionSecret()}).Token
	}
	return helix.New(s.ClientID(), tokens, o)
}

// everything is a source of tokens of everybody, with all scopes.
func (s *stage) everything() helix.TokenSource { return s.granted(allScopes()...) }

// granted is a source of tokens of everybody, with the given scopes.
func (s *stage) granted(scopes ...string) logins {
	source := logins{"": sameForAll(s.AppToken())}
	for login, id := range map[string]string{"ada": s.ada, "mod": s.mod, "grace": s.grace, "linus": s.linus} {
		source[id] = sameForAll(s.UserToken(login, scopes...))
	}
	return source
}

// allScopes are all scopes that any endpoint asks for.
func allScopes() []string {
	scopes := []string{"channel:bot", "user:bot", "moderator:read:followers", "moderator:read:chat_settings"}
	for _, e := range helix.Endpoints() {
		for _, group := range e.Scopes {
			scopes = append(scopes, group...)
		}
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// logins are tokens by the id of their user.
type logins map[string]sameForAll

func (l logins) Token(ctx context.Context, userID string) (string, error) {
	return l[userID].Token(ctx, userID)
}

// sameForAll is one token, whoever is asked for.
type sameForAll string

func (t sameForAll) Token(context.Context, string) (string, error) { return string(t), nil }

// knownScopes also tells what was granted.
type knownScopes struct {
	helix.TokenSource
	scopes []string
}

func (k knownScopes) Scopes(_ context.Context, userID string) ([]string, bool) {
	return k.scopes, userID != ""
}

// must ends the test if what was to be made ready could not be.
func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// made is the result of a call that makes something ready.
func made[T any](s *stage) func(T, error) T {
	return func(v T, err error) T {
		s.t.Helper()
		s.must(err)
		return v
	}
}

// session connects to EventSub and returns the id of the session.
func (s *stage) session() string {
	s.t.Helper()
	conn, res, err := websocket.Dial(s.t.Context(), s.EventSubURL(), &websocket.DialOptions{HTTPClient: s.HTTPClient()})
	s.must(err)
	if res.Body != nil {
		_ = res.Body.Close()
	}
	s.t.Cleanup(func() { _ = conn.CloseNow() })
	_, welcome, err := conn.Read(s.t.Context())
	s.must(err)
	var m struct {
		Payload struct {
			Session struct{ ID string }
		}
	}
	s.must(json.Unmarshal(welcome, &m))
	return m.Payload.Session.ID
}

// jwt is what the back end of an extension signs its calls with.
func (s *stage) jwt() string {
	signer := &helix.ExtensionSigner{OwnerID: s.ada, Secret: s.ExtensionSecret()}
	token, err := signer.Token(s.t.Context(), s.ada)
	s.must(err)
	return token
}
