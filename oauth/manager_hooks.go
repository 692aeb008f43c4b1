package oauth

// tell calls the hooks.
func (m *Manager) tell(r renewal) {
	if r.refreshed && m.o.OnRefreshed != nil {
		m.o.OnRefreshed(r.token.UserID)
	}
	if r.lost == nil {
		return
	}
	if m.o.OnRevoked != nil {
		m.o.OnRevoked(r.lost)
	}
	m.tellNeedsLogin(keyOf(r.lost.UserID), r.lost)
}

// tellNeedsLogin calls OnNeedsLogin for a problem, unless it was already reported.
func (m *Manager) tellNeedsLogin(key string, lost *LoginError) {
	e := m.entry(key)
	e.mu.Lock()
	known := e.told == lost.Reason
	e.told = lost.Reason
	e.mu.Unlock()
	if !known && m.o.OnNeedsLogin != nil {
		m.o.OnNeedsLogin(lost)
	}
}

// solved is called when the user has a good token.
func (e *entry) solved() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.told = ""
}

// loginURL returns where the user of e can log in, "" where there is no such place.
func (m *Manager) loginURL(e *LoginError) string {
	if m.o.LoginURL == nil || e.UserID == "" {
		return ""
	}
	return m.o.LoginURL(e.UserID, e.Scopes)
}
