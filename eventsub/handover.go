package eventsub

import (
	"net/url"
	"strings"
	"time"
)

// dialHandover opens the address of a hand-over exactly as Twitch gave it.
func (m *machine) dialHandover(now time.Time) []output {
	m.links++
	l := &link{id: m.links, handover: true, deadline: now.Add(welcomeWait)}
	if m.current == nil {
		m.current = l
	} else {
		m.next = l
	}
	return []output{outDial{link: l.id, url: m.handoverURL}}
}

func (m *machine) endHandover() {
	m.next, m.handoverURL, m.handoverEnd = nil, "", time.Time{}
}

// onReconnect begins a hand-over: the new connection is opened while the old one
// still serves, and the subscriptions move by themselves.
func (m *machine) onReconnect(l *link, address string, now time.Time) []output {
	if l != m.current || !l.welcomed || m.handoverURL != "" {
		return nil // told twice, or on the old side
	}
	if !m.trusts(address) {
		// The old connection serves until Twitch closes it; then a fresh one is opened.
		return []output{outState{State{Phase: Connected, Session: l.session, Err: ErrReconnectURL}}}
	}
	m.handoverURL, m.handoverEnd = address, now.Add(reconnectWait)
	return m.dialHandover(now)
}

// trusts says whether an address that a peer sent may be dialled: Twitch's hosts
// over TLS, or the host that was configured.
func (m *machine) trusts(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	if base, err := url.Parse(m.base); err == nil && u.Scheme == base.Scheme && u.Host == base.Host {
		return u.Host != ""
	}
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "wss" && (u.Port() == "" || u.Port() == "443") &&
		(host == "eventsub.wss.twitch.tv" || strings.HasSuffix(host, ".eventsub.wss.twitch.tv"))
}

// retryHandover plans another attempt at the reconnect address, or gives it up.
func (m *machine) retryHandover(code int, now time.Time) {
	if at := now.Add(redialWait); code != closeBadReconnect && at.Before(m.handoverEnd) {
		m.again = at
		return
	}
	m.endHandover()
}
