package auth

import (
	"cmp"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// Granted is what a user granted to a client and did not take back.
type Granted struct {
	ClientID string   `json:"client_id"`
	UserID   string   `json:"user_id"`
	Login    string   `json:"login"`
	Scopes   []string `json:"scopes"`
	Access   int      `json:"access_tokens"`  // that are valid
	Refresh  int      `json:"refresh_tokens"` // that would be taken
}

// Granted returns who granted what, by client and login.
func (s *Server) Granted() []Granted {
	s.mu.Lock()
	byKey := make(map[consentKey]*Granted, len(s.granted))
	for key, scopes := range s.granted {
		byKey[key] = &Granted{ClientID: key.clientID, UserID: key.userID, Scopes: append([]string{}, scopes...)}
	}
	now := time.Now()
	for _, a := range s.access {
		if g := byKey[consentKey{a.grant.ClientID, a.grant.UserID}]; g != nil && now.Before(a.grant.ExpiresAt) {
			g.Access++
		}
	}
	for _, r := range s.refresh {
		if g := byKey[consentKey{r.grant.ClientID, r.grant.UserID}]; g != nil && !s.stale(r, now) {
			g.Refresh++
		}
	}
	s.mu.Unlock()
	all := make([]Granted, 0, len(byKey))
	for _, g := range byKey {
		u, _ := s.world.UserByID(g.UserID)
		g.Login = u.Login
		all = append(all, *g)
	}
	world.Order(all, func(a, b *Granted) int {
		return cmp.Or(cmp.Compare(a.ClientID, b.ClientID), cmp.Compare(a.Login, b.Login))
	})
	return all
}

// stale reports whether a refresh token is too old. Only those of public
// clients become so. The caller holds mu.
func (s *Server) stale(r *refresh, now time.Time) bool {
	return s.clients[r.grant.ClientID].Secret == "" && now.Sub(r.made) >= publicRefreshLife
}

// Register adds a client, or changes the one with its id.
func (s *Server) Register(c Client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients[c.ID] = c
}

// Clients returns the registered clients, by id.
func (s *Server) Clients() []Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Client, 0, len(s.clients))
	for _, c := range s.clients {
		all = append(all, c)
	}
	world.Order(all, func(a, b *Client) int { return cmp.Compare(a.ID, b.ID) })
	return all
}
