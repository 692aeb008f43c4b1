package push

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// Enabled is the status of a subscription that brings events. All others
// say why it does not any more.
const Enabled = "enabled"

// How long a dead subscription is still listed, by its transport. Twitch's
// documentation gives ten days for webhooks and says nothing for WebSockets, whose dead
// subscriptions were seen to stay for about an hour.
const (
	listedFor        = time.Hour
	listedForWebhook = 10 * 24 * time.Hour
)

// maxDead is how many dead subscriptions are listed at most; the oldest are forgotten.
const maxDead = 20_000

// A Subscription is a subscription as Helix shows it.
type Subscription struct {
	ID        string            `json:"id"`
	Status    string            `json:"status"`
	Type      string            `json:"type"`
	Version   string            `json:"version"`
	Condition map[string]string `json:"condition"`
	CreatedAt time.Time         `json:"created_at"`
	Transport Transport         `json:"transport"`
	Cost      int               `json:"cost"`
}

// A Transport is where a subscription's events go.
type Transport struct {
	Method         string    `json:"method"`
	SessionID      string    `json:"session_id,omitzero"`
	ConnectedAt    time.Time `json:"connected_at,omitzero"`
	DisconnectedAt time.Time `json:"disconnected_at,omitzero"`
	Callback       string    `json:"callback,omitzero"`
	ConduitID      string    `json:"conduit_id,omitzero"`
}

// A subscription is a Subscription and where it belongs. All is guarded by
// Server.mu.
type subscription struct {
	Subscription
	server           *Server
	kind             eventsub.Type
	info             eventsub.Info
	clientID, userID string
	reader           string   // the user whose grant it needs, or ""
	session          *session // one of these carries it; nil once it is dead
	hook             *hook
	conduit          *conduit
	diedAt           time.Time

	seed  uint64        // tells subscriptions apart, the same in each run of a program
	sends atomic.Uint64 // notifications that weather applied to

	metadata string // of notifications, as JSON
	head     []byte // of the payload of notifications: all but the event
}

// attach makes a session the one that gets the events.
func (sub *subscription) attach(ss *session) {
	sub.session = ss
	ss.subs[sub.ID] = sub
	sub.Transport = Transport{Method: "websocket", SessionID: ss.id, ConnectedAt: ss.at}
	sub.prepare()
}

// prepare makes what all notifications have in common.
func (sub *subscription) prepare() {
	sub.metadata = `,"subscription_type":"` + sub.Type + `","subscription_version":"` + sub.Version + `"`
	sub.head = append([]byte(`{"subscription":`), sub.wire()...)
}

// wire is the subscription as messages carry it: their transport has fewer fields.
func (sub *subscription) wire() []byte {
	shown := sub.Subscription
	shown.Transport.ConnectedAt, shown.Transport.DisconnectedAt = time.Time{}, time.Time{}
	return mustJSON(shown)
}

// alive reports whether a subscription brings events or may do so soon.
func (sub *subscription) alive() bool {
	return sub.session != nil || sub.hook != nil || sub.conduit != nil
}

// add registers a subscription. The caller holds mu.
func (s *Server) add(sub *subscription) {
	s.subs[sub.ID] = sub
	s.order = append(s.order, sub)
	if sub.Status == Enabled {
		s.byType[sub.kind] = append(s.byType[sub.kind], sub)
	}
}

// disable ends a subscription, which stays listed for a while with its new
// status. The caller holds mu.
func (s *Server) disable(sub *subscription, status string) {
	if !sub.alive() {
		return
	}
	h := sub.hook
	s.kill(sub, status)
	h.stop()
}

// kill is disable for a webhook that has something to say still.
func (s *Server) kill(sub *subscription, status string) {
	sub.Status, sub.diedAt = status, time.Now().UTC()
	if sub.session != nil && sub.session.ended {
		sub.Transport.DisconnectedAt = sub.diedAt
	}
	s.detach(sub)
}

// detach takes a subscription out of delivery. The caller holds mu.
func (s *Server) detach(sub *subscription) {
	if sub.session != nil {
		delete(sub.session.subs, sub.ID)
		sub.session = nil
	}
	sub.hook, sub.conduit = nil, nil
	s.byType[sub.kind] = slices.DeleteFunc(s.byType[sub.kind], func(other *subscription) bool { return other == sub })
}

// forget drops subscriptions that have been dead for long. The caller holds mu.
func (s *Server) forget() {
	now := time.Now()
	dead := 0
	for _, sub := range s.order {
		if !sub.alive() {
			dead++
		}
	}
	s.order = slices.DeleteFunc(s.order, func(sub *subscription) bool {
		old := !sub.alive() && (dead > maxDead || now.Sub(sub.diedAt) >= sub.listedFor())
		if old {
			delete(s.subs, sub.ID)
			dead--
		}
		return old
	})
}

func (sub *subscription) listedFor() time.Duration {
	if sub.Transport.Method == "webhook" {
		return listedForWebhook
	}
	return listedFor
}

// revoke ends a subscription and sends a revocation message. The caller holds mu.
func (s *Server) revoke(sub *subscription, status string) {
	if !sub.alive() {
		return
	}
	ss, h, c := sub.session, sub.hook, sub.conduit
	s.kill(sub, status)
	body := append(append([]byte(`{"subscription":`), sub.wire()...), '}')
	switch {
	case ss != nil:
		ss.send(appendFrame(nil, kindRevocation, sub.metadata, body))
	case h != nil:
		h.last(letter{kind: kindRevocation, name: sub.Type, version: sub.Version, body: body})
	default:
		c.tell(sub, body)
	}
}
