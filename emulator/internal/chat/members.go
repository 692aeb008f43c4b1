package chat

// Members returns how many connections are in a channel's chat, those that only
// read included.
func (s *Server) Members(broadcasterID string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if r := s.rooms[broadcasterID]; r != nil {
		return len(r.members)
	}
	return 0
}
