package push

import (
	"net/http"
	"slices"
)

// shardStatuses are the statuses of a shard that is disabled.
var shardStatuses = []string{
	verificationFailed, failuresExceeded, closeLeft.status, closePingPong.status, closeInbound.status, closeInternal.status,
	closeTimeout.status, closeNetwork.status, closeGrace.status,
}

// A ConduitState is a conduit and all its shards that have a transport.
type ConduitState struct {
	ID       string  `json:"id"`
	ClientID string  `json:"client_id"`
	Count    int     `json:"shard_count"`
	Shards   []Shard `json:"shards"`
}

// AllConduits returns the conduits of all clients, oldest first.
func (s *Server) AllConduits() []ConduitState {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]ConduitState, 0, len(s.conduits))
	for _, c := range s.conduits {
		state := ConduitState{ID: c.id, ClientID: c.clientID, Count: len(c.shards), Shards: []Shard{}}
		for _, sh := range c.shards {
			if sh != nil {
				state.Shards = append(state.Shards, sh.Shard)
			}
		}
		all = append(all, state)
	}
	return all
}

// DisableShard disables a shard with a status. The session of a WebSocket shard is closed with
// the close code that belongs to the status, or cut; other shards that use it are lost too.
func (s *Server) DisableShard(conduitID, shardID, status string) error {
	if !slices.Contains(shardStatuses, status) {
		return refuse(http.StatusBadRequest, "a shard cannot have this status: "+status)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conduits {
		for _, sh := range c.shards {
			if c.id != conduitID || sh == nil || sh.ID != shardID {
				continue
			}
			switch webhook := status == verificationFailed || status == failuresExceeded; {
			case sh.Status != Enabled:
				return refuse(http.StatusBadRequest, "the shard is not enabled, but "+sh.Status)
			case webhook != (sh.Transport.Method == "webhook"):
				return refuse(http.StatusBadRequest, "a shard over "+sh.Transport.Method+" cannot have the status "+status)
			case webhook:
				s.loseShard(sh, status)
			default:
				ss, how := sh.session, closeOfStatus(status)
				ss.end(how)
				if how == closeLeft {
					ss.cancel()
				}
			}
			return nil
		}
	}
	return refuse(http.StatusNotFound, "there is no such shard with a transport")
}

// RefuseShards lets the next n updates of shards fail: Update Conduit Shards answers 202 with
// an error for each.
func (s *Server) RefuseShards(n int, message, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.badShards = nil
	for range n {
		s.badShards = append(s.badShards, ShardError{Message: message, Code: code})
	}
}

// badShard returns the error that RefuseShards wants for a shard. The caller holds mu.
func (s *Server) badShard(id string) (ShardError, bool) {
	if len(s.badShards) == 0 {
		return ShardError{}, false
	}
	bad := s.badShards[0]
	s.badShards, bad.ID = s.badShards[1:], id
	return bad, true
}

// RevokeOne ends a subscription with a status. It reports false if it does not exist or has
// ended.
func (s *Server) RevokeOne(id, status string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub := s.subs[id]
	if sub == nil || !sub.alive() {
		return false
	}
	s.revoke(sub, status)
	return true
}
