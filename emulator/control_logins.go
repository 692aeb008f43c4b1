package emulator

import (
	"errors"
	"fmt"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// tokenVerbs issue and end tokens, and register clients.
var tokenVerbs = []verb{
	{"token", "user? scopes? client_id?", "Makes a user token, or an app token if no user is named.", "user=mybot scopes=chat:read scopes=chat:edit", (*Server).orderToken},
	{"code", "user redirect_uri scopes? client_id?", "Makes a code, as a browser brings it back after a consent.", "user=mybot redirect_uri=http://localhost/ scopes=chat:read", (*Server).orderCode},
	{"device", "user_code user? deny?", "A user agrees to what a device asks for, or refuses it if deny is true.", "user_code=ABCDEFGH user=mybot", (*Server).orderDevice},
	{"expire", "token? user? all? client_id?", "Tokens end; they can be renewed, and no connection closes.", "user=mybot", (*Server).orderExpire},
	{"revoke", "token? user? all? client_id?", "Tokens end at once, and their connections to chat.", "user=mybot", (*Server).orderRevoke},
	{"disconnect", "user client_id?", "A user takes back all they granted to a client.", "user=mybot", (*Server).orderDisconnect},
	{"change-password", "user", "A user takes back all they granted to any client.", "user=mybot", (*Server).orderPassword},
	{"client", "client_id client_secret? redirect_uris? title?", "Registers a client, without a secret a public one.", "client_id=tv redirect_uris=http://localhost/", (*Server).orderClient},
}

// clientOf returns the client that an order names, or the default one.
func (s *Server) clientOf(o order) (string, error) {
	if o.ClientID == "" {
		return s.ClientID(), nil
	}
	if _, ok := s.auth.Client(o.ClientID); !ok {
		return "", fmt.Errorf("no client has the id %q: the verb client registers one", o.ClientID)
	}
	return o.ClientID, nil
}

// parties returns the client and the user that an order names.
func (s *Server) parties(o order) (clientID string, u world.User, err error) {
	if clientID, err = s.clientOf(o); err == nil {
		u, err = s.person(o.User)
	}
	return clientID, u, err
}

func (s *Server) orderToken(o order) (any, error) {
	if o.User == "" {
		clientID, err := s.clientOf(o)
		if err != nil {
			return nil, err
		}
		return map[string]string{"access_token": s.auth.IssueApp(clientID).Access, "client_id": clientID}, nil
	}
	clientID, u, err := s.parties(o)
	if err != nil {
		return nil, err
	}
	t := s.auth.IssueUser(clientID, u, o.Scopes)
	return map[string]string{"access_token": t.Access, "refresh_token": t.Refresh, "user_id": u.ID, "client_id": clientID}, nil
}

func (s *Server) orderCode(o order) (any, error) {
	clientID, u, err := s.parties(o)
	if err != nil {
		return nil, err
	}
	return map[string]string{"code": s.auth.IssueCode(clientID, u, o.RedirectURI, o.Scopes)}, nil
}

func (s *Server) orderDevice(o order) (any, error) {
	login := ""
	if !o.Deny {
		u, err := s.person(o.User)
		if err != nil {
			return nil, err
		}
		login = u.Login
	}
	if !s.auth.DecideDevice(o.UserCode, login, !o.Deny) {
		return nil, errors.New("no device waits with this code")
	}
	return nil, nil
}

// whose returns which tokens an order without a token means.
func (s *Server) whose(o order) (auth.Whose, error) {
	if o.User == "" {
		if !o.All {
			return auth.Whose{}, errors.New("say which tokens end: token, user or all")
		}
		return auth.Whose{ClientID: o.ClientID}, nil
	}
	u, err := s.person(o.User)
	return auth.Whose{ClientID: o.ClientID, UserID: u.ID}, err
}

func (s *Server) orderExpire(o order) (any, error) {
	if o.Token != "" {
		s.ExpireToken(o.Token)
		return nil, nil
	}
	of, err := s.whose(o)
	if err != nil {
		return nil, err
	}
	return map[string]int{"tokens": s.auth.ExpireAll(of)}, nil
}

func (s *Server) orderRevoke(o order) (any, error) {
	if o.Token != "" {
		s.RevokeToken(o.Token)
		return nil, nil
	}
	of, err := s.whose(o)
	if err != nil {
		return nil, err
	}
	return map[string]int{"tokens": s.auth.RevokeAll(of)}, nil
}

func (s *Server) orderDisconnect(o order) (any, error) {
	clientID, u, err := s.parties(o)
	if err == nil {
		s.auth.Disconnect(clientID, u.ID)
	}
	return nil, err
}

func (s *Server) orderPassword(o order) (any, error) {
	u, err := s.person(o.User)
	if err == nil {
		s.auth.ChangePassword(u.ID)
	}
	return nil, err
}

func (s *Server) orderClient(o order) (any, error) {
	return nil, s.register(auth.Client{ID: o.ClientID, Secret: o.ClientSecret, Name: o.Title, RedirectURIs: o.RedirectURIs})
}
