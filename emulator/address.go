package emulator

import (
	"fmt"
	"io"
)

// Format writes the name of the type only. By default fmt would print all fields, tokens
// among them.
func (s *Server) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "emulator.Server") // fmt's own buffer, which does not fail
}

// address returns host and port.
func (s *Server) address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.addr == "" {
		return memoryHost
	}
	return s.addr
}

// URL returns the address of the server: "http://127.0.0.1:PORT", or
// "http://emulator.test" if it has no port.
func (s *Server) URL() string { return "http://" + s.address() }

// HelixURL returns the address to use instead of https://api.twitch.tv/helix.
func (s *Server) HelixURL() string { return s.URL() + "/helix" }

// OAuthURL returns the address to use instead of https://id.twitch.tv/oauth2.
func (s *Server) OAuthURL() string { return s.URL() + "/oauth2" }

// EventSubURL returns the address to use instead of wss://eventsub.wss.twitch.tv/ws.
func (s *Server) EventSubURL() string { return "ws://" + s.address() + "/ws" }

// IRCAddr returns the address to use instead of irc://irc.chat.twitch.tv:6667.
func (s *Server) IRCAddr() string {
	if a := s.address(); a != memoryHost {
		return "irc://" + a
	}
	return "irc://" + memoryHost + ":6667"
}

// IRCWebSocketURL returns the address to use instead of wss://irc-ws.chat.twitch.tv:443.
func (s *Server) IRCWebSocketURL() string { return "ws://" + s.address() + "/" }
