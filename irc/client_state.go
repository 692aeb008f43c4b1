package irc

import (
	"errors"
	"fmt"
	"time"
)

// A StateKind says what happened to the connection.
type StateKind int

// The kinds of [State].
const (
	Connecting   StateKind = iota + 1 // an attempt begins
	Connected                         // logged in
	Joined                            // in a channel
	JoinFailed                        // not in a channel that is wanted; it is tried again
	Parted                            // out of a channel
	Moving                            // Twitch asked to reconnect; the old connection still serves
	Disconnected                      // the connection or the attempt failed; RetryIn tells when the next begins
	HandlerStuck                      // a handler has not returned for ten seconds; told again each time that doubles
)

// String returns the name of the kind in lower case.
func (k StateKind) String() string {
	switch k {
	case Connecting:
		return "connecting"
	case Connected:
		return "connected"
	case Joined:
		return "joined"
	case JoinFailed:
		return "join failed"
	case Parted:
		return "parted"
	case Moving:
		return "moving"
	case Disconnected:
		return "disconnected"
	case HandlerStuck:
		return "handler stuck"
	default:
		return fmt.Sprintf("state %d", int(k))
	}
}

// A State is a change in the life of a [Client]; String makes a sentence of it.
type State struct {
	Kind    StateKind
	Addr    string        // where the client connects to, without user and query
	Login   string        // who is logged in; set with Connected
	Channel string        // set with Joined, JoinFailed, Parted and HandlerStuck
	Err     error         // why, with JoinFailed and Disconnected
	RetryIn time.Duration // with JoinFailed and Disconnected
	Stuck   *StuckHandler // with HandlerStuck
}

// String returns one sentence without a full stop, for people.
func (s State) String() string {
	again := "trying again now"
	if s.RetryIn > 0 {
		again = "trying again in " + s.RetryIn.Round(100*time.Millisecond).String()
	}
	switch s.Kind {
	case Connecting:
		return "connecting to chat at " + s.Addr
	case Connected:
		return "connected to chat as " + s.Login
	case Joined:
		return "in the chat of " + s.Channel
	case JoinFailed:
		return fmt.Sprintf("cannot join the chat of %s: %v; %s", s.Channel, s.Err, again)
	case Parted:
		return "left the chat of " + s.Channel
	case Moving:
		return "chat asked to reconnect; moving to a new connection"
	case Disconnected:
		if errors.Is(s.Err, ErrLoginFailed) {
			return fmt.Sprintf("%v; %s", s.Err, again)
		}
		return fmt.Sprintf("no connection to chat at %s: %v; %s", s.Addr, s.Err, again)
	case HandlerStuck:
		return fmt.Sprintf("the handler %s has not returned for %v; messages in the chat of %s wait (%d dropped so far)",
			s.Stuck.Handler, s.Stuck.For.Round(time.Second), s.Channel, s.Stuck.Dropped)
	default:
		return s.Kind.String()
	}
}
