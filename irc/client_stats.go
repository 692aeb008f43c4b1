package irc

import (
	"errors"
	"slices"
	"time"
)

// ConnectionStats describe one connection of a [Client].
type ConnectionStats struct {
	Number   int       // as in State.Connection
	Since    time.Time // of the login; zero while there is no connection
	Channels int       // that belong to it
	Joined   int       // of those, that it is in
	Failures int       // connections and attempts that failed since Run was called
	Failed   time.Time // when the latest one failed; zero if none did
	Err      error     // why
}

// connections returns the figures of each connection.
func (r *roster) connections() []ConnectionStats {
	var all []ConnectionStats
	for _, run := range r.all() {
		run.mu.Lock()
		s := ConnectionStats{Number: run.number, Since: run.connected, Failures: run.losses, Failed: run.failed, Err: run.err}
		run.mu.Unlock()
		r.mu.Lock()
		s.Channels = len(run.logins)
		for _, login := range run.logins {
			if seat := r.seats[login]; seat != nil && len(seat.in) > 0 {
				s.Joined++
			}
		}
		r.mu.Unlock()
		all = append(all, s)
	}
	return all
}

// A ChannelState says why a channel that the client keeps joined is not joined.
type ChannelState struct {
	Channel    string
	Since      time.Time // since when it is wanted and not joined
	Connection int       // the connection that it belongs to; 0 while Run is not running
	Next       time.Time // when JOIN is sent next; zero if as soon as Err allows

	// Err is a [*NoticeError] if Twitch refused the channel: its ID is "msg_banned",
	// "msg_channel_suspended", "tos_ban" or "msg_channel_blocked". Otherwise it wraps
	// [ErrNoAnswer], [ErrTooManyChannels], [ErrJoinLimit], [ErrNotTried] or
	// [ErrNotConnected].
	Err error
}

// NotJoined returns the channels that the client keeps joined and is not in now, in the order
// of [Client.Join], and why.
func (c *Client) NotJoined() []ChannelState { return c.roster.notJoined() }

func (r *roster) notJoined() []ChannelState {
	down := make(map[*runner]error)
	for _, run := range r.all() {
		run.mu.Lock()
		if run.connected.IsZero() {
			down[run] = errors.Join(ErrNotConnected, run.err)
		}
		run.mu.Unlock()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []ChannelState
	for _, login := range r.order {
		s := r.seats[login]
		if len(s.in) > 0 {
			continue
		}
		st := ChannelState{Channel: login, Since: s.since, Err: ErrJoinLimit}
		if s.owner != nil {
			st.Connection = s.owner.number
		}
		why := down[s.owner]
		switch {
		case s.err != nil:
			st.Err, st.Next = s.err, s.next
		case s.owner == nil || len(s.asked) > 0:
			st.Err = ErrNotTried
		case why != nil:
			st.Err = why
		}
		all = append(all, st)
	}
	return slices.Clip(all)
}
