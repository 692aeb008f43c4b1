package auth

import "time"

// sweepEvery is how often what has expired is thrown away: a server that runs
// for days keeps no tokens of yesterday.
const sweepEvery = time.Minute

// sweep forgets access tokens, codes, device codes and public clients' refresh
// tokens that time has ended, now and then. The caller holds mu.
func (s *Server) sweep() {
	now := time.Now()
	if now.Sub(s.swept) < sweepEvery {
		return
	}
	s.swept = now
	for token, a := range s.access {
		if !now.Before(a.grant.ExpiresAt) {
			delete(s.access, token)
		}
	}
	for token, r := range s.refresh {
		if s.stale(r, now) {
			delete(s.refresh, token)
		}
	}
	for value, c := range s.codes {
		if now.After(c.expires) {
			delete(s.codes, value)
		}
	}
	for value, d := range s.devices {
		if now.After(d.expires) {
			delete(s.devices, value)
		}
	}
}
