package push

import (
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
)

// Twitch's limits on conduits.
const (
	maxConduits = 5 // of one client
	maxShards   = 20_000
)

// A Conduit is a conduit as Helix shows it.
type Conduit struct {
	ID         string `json:"id"`
	ShardCount int    `json:"shard_count"`
}

// A Shard is where a part of a conduit's events go, as Helix shows it.
type Shard struct {
	ID        string    `json:"id"`
	Status    string    `json:"status"`
	Transport Transport `json:"transport"`
}

// A ShardRequest asks for a shard to get its events another way.
type ShardRequest struct {
	ID        string           `json:"id"`
	Transport TransportRequest `json:"transport"`
}

// A ShardError says why a shard was left as it is.
type ShardError struct {
	ID      string `json:"id"`
	Message string `json:"message"`
	Code    string `json:"code"`
}

// A conduit spreads events over shards. All is guarded by Server.mu.
type conduit struct {
	server   *Server
	seed     uint64
	id       string
	clientID string
	shards   []*shard // nil where nothing was assigned yet
	turn     atomic.Uint64
	retries  atomic.Uint64
	unused   *time.Timer // deletes the conduit; nil while a shard is enabled
}

// A shard gets its events by one of session and hook while it is enabled.
type shard struct {
	Shard
	conduit *conduit
	session *session
	hook    *hook
}

func (c *conduit) show() Conduit { return Conduit{c.id, len(c.shards)} }

// Conduits returns the conduits of a client, oldest first.
func (s *Server) Conduits(g auth.Grant) []Conduit {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := []Conduit{}
	for _, c := range s.conduits {
		if c.clientID == g.ClientID {
			all = append(all, c.show())
		}
	}
	return all
}

// CreateConduit makes a conduit. A refusal is a *world.Error.
func (s *Server) CreateConduit(g auth.Grant, shards int) (Conduit, error) {
	if err := checkCount(shards); err != nil {
		return Conduit{}, err
	}
	if len(s.Conduits(g)) >= maxConduits {
		return Conduit{}, refuse(http.StatusTooManyRequests, "conduit limit reached")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &conduit{server: s, seed: s.seed, id: string(appendUUID(nil)), clientID: g.ClientID, shards: make([]*shard, shards)}
	s.conduits = append(s.conduits, c)
	s.mind(c)
	return c.show(), nil
}

func checkCount(shards int) error {
	if shards < 1 || shards > maxShards {
		return refuse(http.StatusBadRequest, "invalid shard_count: it must be from 1 to "+strconv.Itoa(maxShards))
	}
	return nil
}

// conduit returns a conduit of a client. The caller holds mu.
func (s *Server) conduit(clientID, id string) (*conduit, error) {
	i := slices.IndexFunc(s.conduits, func(c *conduit) bool { return c.id == id && c.clientID == clientID })
	if i < 0 {
		return nil, refuse(http.StatusNotFound, "conduit not found")
	}
	return s.conduits[i], nil
}

// ResizeConduit changes how many shards a conduit has. Shards go from the end.
func (s *Server) ResizeConduit(g auth.Grant, id string, shards int) (Conduit, error) {
	if err := checkCount(shards); err != nil {
		return Conduit{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.conduit(g.ClientID, id)
	if err != nil {
		return Conduit{}, err
	}
	for _, gone := range c.shards[min(shards, len(c.shards)):] {
		gone.leave()
	}
	next := make([]*shard, shards)
	copy(next, c.shards)
	c.shards = next
	s.mind(c)
	return c.show(), nil
}

// DeleteConduit ends a conduit and the subscriptions that use it.
func (s *Server) DeleteConduit(g auth.Grant, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.conduit(g.ClientID, id)
	if err != nil {
		return err
	}
	s.removeConduit(c)
	return nil
}

// Shards returns the shards of a conduit that were assigned a transport.
func (s *Server) Shards(g auth.Grant, conduitID, status string) ([]Shard, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, err := s.conduit(g.ClientID, conduitID)
	if err != nil {
		return nil, err
	}
	var all []Shard
	for _, sh := range c.shards {
		if sh != nil && (status == "" || sh.Status == status) {
			all = append(all, sh.Shard)
		}
	}
	return all, nil
}

// UpdateShards gives shards other transports. Each succeeds or fails by itself.
func (s *Server) UpdateShards(g auth.Grant, conduitID string, requests []ShardRequest) (updated []Shard, failed []ShardError, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.conduit(g.ClientID, conduitID)
	if err != nil {
		return nil, nil, err
	}
	updated, failed = []Shard{}, []ShardError{}
	for _, r := range requests {
		if bad, ok := s.badShard(r.ID); ok {
			failed = append(failed, bad)
			continue
		}
		sh, err := s.assign(c, r)
		if err != nil {
			failed = append(failed, ShardError{r.ID, err.Error(), "invalid_parameter"})
			continue
		}
		updated = append(updated, sh.Shard)
	}
	s.mind(c)
	return updated, failed, nil
}

// assign gives one shard another transport. The caller holds mu.
func (s *Server) assign(c *conduit, r ShardRequest) (*shard, error) {
	n, err := strconv.Atoi(r.ID)
	if err != nil || n < 0 || n >= len(c.shards) || strconv.Itoa(n) != r.ID {
		return nil, refuse(http.StatusBadRequest, "The shard id is outside the conduit's range")
	}
	next := &shard{Shard: Shard{ID: r.ID, Status: Enabled}, conduit: c}
	switch r.Transport.Method {
	case "websocket":
		ss := s.sessions[r.Transport.SessionID]
		if ss == nil {
			return nil, refuse(http.StatusBadRequest, "The websocket session does not exist or has already disconnected")
		}
		next.sit(ss)
	case "webhook":
		if err := checkCallback(r.Transport); err != nil {
			return nil, err
		}
		next.Status, next.Transport = verificationPending, Transport{Method: "webhook", Callback: r.Transport.Callback}
		next.hook = s.newHook(r.Transport, keyOf(r.ID), func(ok bool) { s.shardVerified(next, ok) }, func() { s.loseShard(next, failuresExceeded) })
	default:
		return nil, refuse(http.StatusBadRequest, "The transport method must be webhook or websocket")
	}
	c.shards[n].leave()
	c.shards[n] = next
	if next.hook != nil {
		next.hook.challenge(mustJSON(next.asSubscription()))
	}
	return next, nil
}

// asSubscription is what a webhook that becomes a shard is asked to verify.
func (sh *shard) asSubscription() Subscription {
	return Subscription{
		ID: sh.conduit.id, Status: verificationPending, Type: "conduit.shard", Version: "1", Condition: map[string]string{},
		Transport: sh.Transport, CreatedAt: time.Now().UTC(),
	}
}

// sit makes a session the shard's transport.
func (sh *shard) sit(ss *session) {
	sh.session = ss
	sh.Transport = Transport{Method: "websocket", SessionID: ss.id, ConnectedAt: ss.at}
	ss.shards[sh] = true
}

// leave frees what a shard used; nil and a second call do nothing.
func (sh *shard) leave() {
	if sh == nil {
		return
	}
	if sh.session != nil {
		delete(sh.session.shards, sh)
		sh.session = nil
	}
	sh.hook.stop()
}

// shardVerified runs once a webhook answered to its challenge. The hook holds mu.
func (s *Server) shardVerified(sh *shard, ok bool) {
	sh.Status = Enabled
	if !ok {
		sh.Status = verificationFailed
	}
	s.mind(sh.conduit)
}

// loseShard disables a shard and sends conduit.shard.disabled. The conduit remains. The
// caller holds mu.
func (s *Server) loseShard(sh *shard, status string) {
	if sh.Status != Enabled {
		return
	}
	sh.Status = status
	if sh.session != nil {
		sh.Transport.DisconnectedAt = time.Now().UTC()
	}
	sh.leave()
	s.mind(sh.conduit)
	s.publishLocked(shardDisabled(sh))
}
