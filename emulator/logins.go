package emulator

import (
	"errors"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
)

// RegisterClient registers a client beside the one of [ClientCredentials]. An
// empty secret makes it a public client; without addresses any is accepted.
func RegisterClient(id, secret string, redirectURIs ...string) Option {
	return then(func(s *Server) error {
		return s.register(auth.Client{ID: id, Secret: secret, RedirectURIs: redirectURIs})
	})
}

func (s *Server) register(c auth.Client) error {
	if c.ID == "" {
		return errors.New("a client has a client_id")
	}
	s.auth.Register(c)
	return nil
}

// ExpireTokens expires all access tokens of a user, or of all users if login is
// empty. They can be renewed.
func (s *Server) ExpireTokens(login string) {
	if of, err := s.tokensOf(login); err == nil {
		s.auth.ExpireAll(of)
	}
}

// RevokeTokens revokes all access tokens of a user, or of all users if login is
// empty. Connections to chat that logged in with them are closed. They can be renewed.
func (s *Server) RevokeTokens(login string) {
	if of, err := s.tokensOf(login); err == nil {
		s.auth.RevokeAll(of)
	}
}

func (s *Server) tokensOf(login string) (auth.Whose, error) {
	return s.whose(order{User: login, All: true})
}

// ChangePassword revokes all that a user granted to any client, as Twitch does when
// they change their password: nothing can be renewed.
func (s *Server) ChangePassword(login string) {
	if u, err := s.person(login); err == nil {
		s.auth.ChangePassword(u.ID)
	}
}

// DenyDevice refuses what a device asks for with its user code. It is false if
// no device waits with that code.
func (s *Server) DenyDevice(userCode string) bool { return s.auth.DecideDevice(userCode, "", false) }

// loginState is who may log in with what, and who did, as /larkspur/grants shows it.
type loginState struct {
	Clients []clientState  `json:"clients"`
	Grants  []auth.Granted `json:"grants"`
}

// clientState is a registered client, without its secret.
type clientState struct {
	ID           string   `json:"client_id"`
	Name         string   `json:"name,omitempty"`
	Public       bool     `json:"public"`
	RedirectURIs []string `json:"redirect_uris,omitempty"`
}

func (s *Server) logins() loginState {
	state := loginState{Clients: []clientState{}, Grants: s.auth.Granted()}
	for _, c := range s.auth.Clients() {
		state.Clients = append(state.Clients, clientState{c.ID, c.Name, c.Secret == "", c.RedirectURIs})
	}
	return state
}
