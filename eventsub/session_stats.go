package eventsub

import "sync/atomic"

// SessionStats count the work of a Session since it was created.
type SessionStats struct {
	Connections   uint64 // WebSockets opened
	Notifications uint64 // events received
	Unknown       uint64 // messages that could not be decoded
	Revoked       uint64 // subscriptions ended by Twitch
	Gaps          uint64 // gaps dispatched
}

type sessionCounters struct {
	connections, notifications, unknown, revoked, gaps atomic.Uint64
}

// Stats returns the counts so far.
func (s *Session) Stats() SessionStats {
	return SessionStats{
		Connections:   s.stats.connections.Load(),
		Notifications: s.stats.notifications.Load(),
		Unknown:       s.stats.unknown.Load(),
		Revoked:       s.stats.revoked.Load(),
		Gaps:          s.stats.gaps.Load(),
	}
}
