package push

import (
	"crypto/rand"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// reconnectParam is the query parameter that makes a reconnect URL.
const reconnectParam = "reconnect"

// move sends a reconnect message to a session's client. The caller holds
// server.mu.
func (ss *session) move(grace time.Duration) {
	if ss.moving || ss.ended {
		return
	}
	ss.moving = true
	ss.deadline.Stop()
	token := quiet.Mark + rand.Text()
	ss.server.reconnects[token] = ss
	address := ss.address
	address.RawQuery = reconnectParam + "=" + token
	ss.send(frame(kindReconnect, ss.payload("reconnecting", address.String())))
	ss.deadline = time.AfterFunc(grace, func() {
		ss.server.mu.Lock()
		defer ss.server.mu.Unlock()
		delete(ss.server.reconnects, token)
		ss.end(closeGrace)
	})
}

// takeOver moves the subscriptions of an old session to a new one, whose
// welcome is queued already: facts from now on follow it. The
// old one lives on until its client closes it or its grace is over. The caller
// holds server.mu.
func (ss *session) takeOver(old *session) {
	ss.deadline.Stop()
	ss.clientID, ss.userID = old.clientID, old.userID
	for id, sub := range old.subs {
		delete(old.subs, id)
		sub.attach(ss)
	}
	for sh := range old.shards {
		delete(old.shards, sh)
		sh.sit(ss)
	}
}
