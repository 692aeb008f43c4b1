package auth

// Held returns how many tokens and codes the server remembers.
func (s *Server) Held() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.access) + len(s.refresh) + len(s.codes) + len(s.devices)
}

// Sentence returns what the consent page says of a scope.
func Sentence(scope string) string { return sentences()[scope] }
