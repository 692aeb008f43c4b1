package auth

import (
	"crypto/rand"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/internal/quiet"
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
		r = &refresh{token: marked(rand.Text() + rand.Text()), grant: g, made: time.Now()}
		s.refresh[r.token] = r
		first = s.grants(g.ClientID, g.UserID, g.Scopes)
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
		grant:    Grant{ClientID: clientID, UserID: user.ID, Login: user.Login, Scopes: scopes, openID: o},
		redirect: redirectURI,
		expires:  time.Now().Add(10 * time.Minute),
	}
	return c
}

// newToken returns 30 characters, as Twitch's tokens have.
func newToken() string {
	const letters = "0123456789abcdefghijklmnopqrstuvwxyz"
	b := make([]byte, 30)
	_, _ = rand.Read(b)
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return marked(string(b))
}

// marked puts the mark of secrets made in tests at the beginning of one.
func marked(secret string) string { return quiet.Mark + secret[len(quiet.Mark):] }
