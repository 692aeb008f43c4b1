package emulator

// ClientID is the registered client's id.
func (s *Server) ClientID() string { return s.set.client.ID }

// ClientSecret is the registered client's secret.
func (s *Server) ClientSecret() string { return s.set.client.Secret }

// UserToken returns an access token of a user, as if they had consented to the scopes.
func (s *Server) UserToken(login string, scopes ...string) string {
	access, _ := s.UserTokens(login, scopes...)
	return access
}

// UserTokens returns an access token of a user and the token that renews it.
func (s *Server) UserTokens(login string, scopes ...string) (access, refresh string) {
	u, err := s.person(login)
	if err != nil {
		s.fail("token", err)
		return "", ""
	}
	t := s.auth.IssueUser(s.ClientID(), u, scopes)
	return t.Access, t.Refresh
}

// AppToken returns an app access token.
func (s *Server) AppToken() string { return s.auth.IssueApp(s.ClientID()).Access }

// AuthorizationCode returns the code that a browser would have brought to
// redirectURI after a user's consent. It works once.
func (s *Server) AuthorizationCode(login, redirectURI string, scopes ...string) string {
	u, err := s.person(login)
	if err != nil {
		s.fail("authorization code", err)
		return ""
	}
	return s.auth.IssueCode(s.ClientID(), u, redirectURI, scopes)
}

// ApproveDevice allows or denies what a device asks for with its user code.
func (s *Server) ApproveDevice(userCode, login string, allow bool) bool {
	if _, err := s.person(login); err != nil {
		s.fail("approve device", err)
		return false
	}
	return s.auth.DecideDevice(userCode, login, allow)
}

// ExpireToken ends an access token before its time. It can be renewed.
func (s *Server) ExpireToken(token string) { s.auth.Expire(token) }

// RevokeToken takes an access token back. Connections to chat that logged in
// with it end; it can be renewed.
func (s *Server) RevokeToken(token string) { s.auth.Revoke(token) }

// Disconnect takes back all that a user granted to the client: their tokens
// are dead, their subscriptions revoked, their connections to chat ended.
func (s *Server) Disconnect(login string) {
	if u, err := s.person(login); err == nil {
		s.auth.Disconnect(s.ClientID(), u.ID)
	}
}
