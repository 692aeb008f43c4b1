package chat

import "slices"

// loginFailed is the text with which Twitch refuses a token.
const loginFailed = "Login authentication failed"

// Revoke ends the connections that logged in with one of the tokens, and tells
// them why. A token that has expired does not end a connection.
func (s *Server) Revoke(tokens ...string) {
	for _, c := range s.all() {
		if c.registered.Load() && !c.anonymous && slices.Contains(tokens, c.token) {
			c.reply(":" + host + " NOTICE * :" + loginFailed)
			c.out.Close() // queued lines are still sent
		}
	}
}
