package emulator

import (
	"fmt"
	"io"
)

// Format writes only what s is: fmt would walk to its tokens.
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

// URL is where the server is: "http://127.0.0.1:PORT", or
// "http://emulator.test" if it has no port.
func (s *Server) URL() string { return "http://" + s.address() }

// HelixURL is what stands for https://api.twitch.tv/helix.
func (s *Server) HelixURL() string { return s.URL() + "/helix" }

// OAuthURL is what stands for https://id.twitch.tv/oauth2.
func (s *Server) OAuthURL() string { return s.URL() + "/oauth2" }

// EventSubURL is what stands for wss://eventsub.wss.twitch.tv/ws.
func (s *Server) EventSubURL() string { return "ws://" + s.address() + "/ws" }

// IRCAddr is what stands for irc://irc.chat.twitch.tv:6667.
func (s *Server) IRCAddr() string {
	if a := s.address(); a != memoryHost {
		return "irc://" + a
	}
	return "irc://" + memoryHost + ":6667"
}

// IRCWebSocketURL is what stands for wss://irc-ws.chat.twitch.tv:443.
func (s *Server) IRCWebSocketURL() string { return "ws://" + s.address() + "/" }
