package connection

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// reconnect begins a hand-over: the new connection is opened while the old one is
// still in use, and Twitch moves the subscriptions.
func (m *Machine) reconnect(l *link, address string, now time.Time) {
	if l != m.current || !l.welcomed || m.handoverURL != "" {
		return // announced twice, or on the old side
	}
	if !m.trusts(address) {
		// The old connection is used until Twitch closes it; then a fresh one is opened.
		m.emit(Refused{Session: l.session})
		return
	}
	m.handoverURL, m.handoverEnd = address, now.Add(handoverGrace)
	// Twitch may send no more keepalives here, and closes the link after the grace.
	l.leaving, l.deadline = true, m.handoverEnd.Add(WelcomeTimeout)
	m.dialHandover(now)
}

// dialHandover opens the address of a hand-over exactly as Twitch gave it.
func (m *Machine) dialHandover(now time.Time) {
	m.links++
	l := &link{id: m.links, handover: true, deadline: now.Add(WelcomeTimeout)}
	if m.current == nil {
		m.current = l
	} else {
		m.next = l
	}
	m.emit(Dial{Link: l.id, URL: m.handoverURL, Handover: true})
}

// completeHandover makes l, which was just welcomed, the current link.
func (m *Machine) completeHandover(l *link, now time.Time) {
	if m.current != l {
		if m.retired != nil {
			m.emit(Drop{Link: m.retired.id})
		}
		m.retired = m.current
		m.retired.leaving, m.retired.deadline = true, now.Add(lingerTimeout)
		m.current = l
	}
	m.endHandover()
	m.dialAt = time.Time{}
	if !slices.Contains(m.sessions, l.session) {
		m.sessions = append(m.sessions, l.session)
	}
	m.emit(Session{IDs: slices.Clone(m.sessions)})
	if m.broken != nil && !m.broken.harmless(now) {
		m.emit(Gap{Loss: m.broken.Loss, To: now})
	}
	m.broken = nil
}

// retryHandover schedules another attempt at the reconnect address, or gives up.
func (m *Machine) retryHandover(code int, now time.Time) {
	if at := now.Add(handoverRetry); code != CodeBadReconnect && at.Before(m.handoverEnd) {
		m.dialAt = at
		return
	}
	m.endHandover()
}

func (m *Machine) endHandover() {
	m.next, m.handoverURL, m.handoverEnd = nil, "", time.Time{}
}

// trusts reports whether an address that was received over the connection may be
// dialled: one of Twitch's hosts over TLS, or the configured host.
func (m *Machine) trusts(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	if base, err := url.Parse(m.url); err == nil && u.Scheme == base.Scheme && u.Host == base.Host {
		return u.Host != ""
	}
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "wss" && (u.Port() == "" || u.Port() == "443") &&
		(host == "eventsub.wss.twitch.tv" || strings.HasSuffix(host, ".eventsub.wss.twitch.tv"))
}
