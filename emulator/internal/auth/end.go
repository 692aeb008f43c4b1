package auth

import (
	"cmp"
	"maps"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// Whose says which grants are meant: those of a client and a user. What is
// empty means any, so the zero value means all.
type Whose struct{ ClientID, UserID string }

func (o Whose) fits(g Grant) bool {
	return (o.ClientID == "" || o.ClientID == g.ClientID) && (o.UserID == "" || o.UserID == g.UserID)
}

// Expire ends an access token as time would have done; it can be renewed.
func (s *Server) Expire(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.access[token]; a != nil {
		a.grant.ExpiresAt = time.Now()
	}
}

// ExpireAll ends access tokens as time would have done, and returns how many.
func (s *Server) ExpireAll(of Whose) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for _, a := range s.access {
		if of.fits(a.grant) && now.Before(a.grant.ExpiresAt) {
			a.grant.ExpiresAt = now
			n++
		}
	}
	return n
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

// RevokeAll ends access tokens at once, as [Server.Revoke] does, and returns
// how many.
func (s *Server) RevokeAll(of Whose) int {
	s.mu.Lock()
	dead := s.kill(of)
	s.mu.Unlock()
	s.tell(dead...)
	return len(dead)
}

// kill ends access tokens and returns those that were alive. The caller holds mu.
func (s *Server) kill(of Whose) (dead []string) {
	now := time.Now()
	for token, a := range s.access {
		if !of.fits(a.grant) {
			continue
		}
		delete(s.access, token)
		if now.Before(a.grant.ExpiresAt) {
			dead = append(dead, token)
		}
	}
	return dead
}

// Disconnect revokes all that a user granted to a client, as when they
// disconnect it in their settings: every token of theirs is dead, and so is
// every code and device that would have become one.
func (s *Server) Disconnect(clientID, userID string) { s.takeBack(Whose{clientID, userID}) }

// ChangePassword revokes all that a user granted to any client, as Twitch does
// when they change their password.
func (s *Server) ChangePassword(userID string) { s.takeBack(Whose{UserID: userID}) }

func (s *Server) takeBack(of Whose) {
	s.mu.Lock()
	dead := s.kill(of)
	maps.DeleteFunc(s.refresh, func(_ string, r *refresh) bool { return of.fits(r.grant) })
	maps.DeleteFunc(s.codes, func(_ string, c code) bool { return of.fits(c.grant) })
	maps.DeleteFunc(s.devices, func(_ string, d *device) bool { return of.fits(d.grant) })
	var over []consentKey
	for key := range s.granted {
		if of.fits(Grant{ClientID: key.clientID, UserID: key.userID}) {
			delete(s.granted, key)
			over = append(over, key)
		}
	}
	s.mu.Unlock()
	s.tell(dead...)
	world.Order(over, func(a, b *consentKey) int { return cmp.Compare(a.clientID, b.clientID) })
	for _, key := range over {
		s.world.Deauthorized(key.clientID, key.userID)
	}
}
