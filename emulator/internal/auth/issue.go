package auth

import (
	"crypto/rand"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// Tokens are an access token and what renews it.
type Tokens struct {
	Access  string
	Refresh string // "" for an app token
	Grant   Grant
}

// IssueUser gives tokens of a user, as if the user had consented.
func (s *Server) IssueUser(clientID string, user world.User, scopes []string) Tokens {
	s.mu.Lock()
	t, first := s.issueUser(Grant{ClientID: clientID, UserID: user.ID, Login: user.Login, Scopes: slices.Clone(scopes)}, nil)
	s.mu.Unlock()
	if first {
		s.world.Authorized(clientID, user.ID)
	}
	return t
}

// issueUser gives a new access token; r is nil for a new consent. First is
// true if the user had not granted the client anything before.
func (s *Server) issueUser(g Grant, r *refresh) (t Tokens, first bool) {
	s.sweep()
	if r == nil {
		r = &refresh{token: rand.Text() + rand.Text(), grant: g, made: time.Now()}
		s.refresh[r.token] = r
		key := consentKey{g.ClientID, g.UserID}
		granted, known := s.consent[key]
		first = !known
		granted = slices.Clone(granted)
		for _, scope := range g.Scopes {
			if !slices.Contains(granted, scope) {
				granted = append(granted, scope)
			}
		}
		s.consent[key] = granted
	}
	g.ExpiresAt = time.Now().Add(s.opts.UserTokenLife)
	token := newToken()
	s.access[token] = &access{grant: g, refresh: r}
	r.issued = append(r.issued, token)
	return Tokens{Access: token, Refresh: r.token, Grant: g}, first
}

// IssueApp gives an app token.
func (s *Server) IssueApp(clientID string) Tokens {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	g := Grant{ClientID: clientID, ExpiresAt: time.Now().Add(s.opts.AppTokenLife)}
	token := newToken()
	s.access[token] = &access{grant: g}
	return Tokens{Access: token, Grant: g}
}

// IssueCode gives a one-time code as the redirect after a consent carries it.
func (s *Server) IssueCode(clientID string, user world.User, redirectURI string, scopes []string) string {
	return s.issueCode(clientID, user, redirectURI, scopes, openID{})
}

func (s *Server) issueCode(clientID string, user world.User, redirectURI string, scopes []string, o openID) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	c := newToken()
	s.codes[c] = code{
		grant:    Grant{ClientID: clientID, UserID: user.ID, Login: user.Login, Scopes: scopes},
		redirect: redirectURI,
		expires:  time.Now().Add(10 * time.Minute),
		openID:   o,
	}
	return c
}

// Expire ends an access token as time would have done; it can be renewed.
func (s *Server) Expire(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.access[token]; a != nil {
		a.grant.ExpiresAt = time.Now()
	}
}

// Revoke ends an access token; false if there is none. The token that renews
// it and the consent stay.
func (s *Server) Revoke(token string) bool {
	s.mu.Lock()
	_, ok := s.access[token]
	delete(s.access, token)
	s.mu.Unlock()
	if ok {
		s.tell(token)
	}
	return ok
}

// Disconnect takes back all that a user granted to a client, as when they
// disconnect it in their settings: every token of theirs is dead.
func (s *Server) Disconnect(clientID, userID string) {
	var dead []string
	s.mu.Lock()
	for token, a := range s.access {
		if a.grant.ClientID == clientID && a.grant.UserID == userID {
			delete(s.access, token)
			dead = append(dead, token)
		}
	}
	for token, r := range s.refresh {
		if r.grant.ClientID == clientID && r.grant.UserID == userID {
			delete(s.refresh, token)
		}
	}
	key := consentKey{clientID, userID}
	_, known := s.consent[key]
	delete(s.consent, key)
	s.mu.Unlock()
	s.tell(dead...)
	if known {
		s.world.Deauthorized(clientID, userID)
	}
}

// newToken returns 30 characters, as Twitch's tokens have.
func newToken() string {
	const letters = "0123456789abcdefghijklmnopqrstuvwxyz"
	b := make([]byte, 30)
	_, _ = rand.Read(b)
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b)
}
