package push

import (
	"maps"
	"slices"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// Raw sends any event to all subscriptions of its type whose condition names
// the broadcaster, or whatever user id the type is about; "" means all. It
// waits for clients that are behind, and returns how many subscriptions got it.
func (s *Server) Raw(t eventsub.Type, broadcasterID string, body []byte) int {
	return s.send(t, body, func(condition map[string]string) bool { return broadcasterID == "" || names(condition, broadcasterID) })
}

// RawTo is Raw for the subscriptions whose condition fits the fields: those that it has
// must have the same values.
func (s *Server) RawTo(t eventsub.Type, fields map[string]string, body []byte) int {
	return s.send(t, body, event{keys: fields}.matches)
}

// Conditions returns the conditions of the enabled subscriptions to a type, oldest first.
func (s *Server) Conditions(t eventsub.Type) []map[string]string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]map[string]string, 0, len(s.byType[t]))
	for _, sub := range s.byType[t] {
		all = append(all, maps.Clone(sub.Condition))
	}
	return all
}

func (s *Server) send(t eventsub.Type, body []byte, matches func(condition map[string]string) bool) int {
	s.mu.RLock()
	targets := slices.Clone(s.byType[t])
	s.mu.RUnlock()
	sent := 0
	for _, sub := range targets {
		if matches(sub.Condition) && s.sendSlowly(sub, body) {
			sent++
		}
	}
	return sent
}

// sendSlowly delivers an event and waits for a client that is behind. It reports false if
// the subscription has ended meanwhile.
func (s *Server) sendSlowly(sub *subscription, body []byte) bool {
	s.mu.RLock()
	if !sub.alive() {
		s.mu.RUnlock()
		return false
	}
	if w := s.weather.Load(); w != nil && w.covers(sub) {
		slow := w.deliver(sub, body)
		s.mu.RUnlock()
		s.endSlow(slow)
		return true
	}
	p, ss, h := parcel{event: body}, sub.session, sub.hook
	if sub.conduit != nil {
		sh := sub.conduit.next()
		if sh == nil || sh.Status != Enabled {
			slow := sub.conduit.give(sh, sub, p)
			s.mu.RUnlock()
			s.endSlow(slow)
			return true
		}
		ss, h = sh.session, sh.hook
	}
	if h != nil {
		l := sub.letter(p)
		s.mu.RUnlock()
		return h.addSlowly(l)
	}
	frame := sub.notification(p)
	s.mu.RUnlock()
	err := ss.out.AddSlowly(frame)
	if err != nil && sub.Transport.Method == "conduit" {
		s.retryElsewhere(ss, [][]byte{frame})
		return true
	}
	return err == nil
}

func names(condition map[string]string, id string) bool {
	for _, value := range condition {
		if value == id {
			return true
		}
	}
	return false
}
