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
	Connecting   StateKind = iota + 1 // an attempt to connect begins
	Connected                         // logged in
	Joined                            // joined a channel
	JoinFailed                        // a desired channel was not joined; it is tried again after RetryIn
	Parted                            // left a channel
	Moving                            // Twitch asked to reconnect; the old connection still delivers messages
	Disconnected                      // the connection or the attempt failed; the next attempt begins after RetryIn
	HandlerStuck                      // a handler has not returned for ten seconds; reported again each time the duration doubles
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

// A State describes a change of the connection or of a channel. String returns it as a
// sentence.
type State struct {
	Kind StateKind

	// Connection is the number of the connection, from 1 on. It is 0 with HandlerStuck.
	// Numbers of connections that were closed are used again.
	Connection int

	Addr    string        // address of the server, without user and query
	Login   string        // login of the account; set with Connected
	Channel string        // set with Joined, JoinFailed, Parted and HandlerStuck
	Err     error         // the reason; set with JoinFailed and Disconnected
	RetryIn time.Duration // set with JoinFailed and Disconnected
	Stuck   *StuckHandler // set with HandlerStuck
}

// String returns one sentence without a full stop, to show to a person.
func (s State) String() string {
	again := "trying again now"
	if s.RetryIn > 0 {
		again = "trying again in " + s.RetryIn.Round(100*time.Millisecond).String()
	}
	switch s.Kind {
	case Connecting:
		return "connecting to chat at " + s.Addr + s.which()
	case Connected:
		return "connected to chat as " + s.Login + s.which()
	case Joined:
		return "in the chat of " + s.Channel
	case JoinFailed:
		return fmt.Sprintf("cannot join the chat of %s: %v; %s", s.Channel, s.Err, again)
	case Parted:
		return "left the chat of " + s.Channel
	case Moving:
		return "chat asked to reconnect; moving to a new connection" + s.which()
	case Disconnected:
		if errors.Is(s.Err, ErrLoginFailed) {
			return fmt.Sprintf("%v; %s", s.Err, again)
		}
		return fmt.Sprintf("no connection to chat at %s%s: %v; %s", s.Addr, s.which(), s.Err, again)
	case HandlerStuck:
		return fmt.Sprintf("the handler %s has not returned for %v; messages in the chat of %s wait (%d dropped so far)",
			s.Stuck.Handler, s.Stuck.For.Round(time.Second), s.Channel, s.Stuck.Dropped)
	default:
		return s.Kind.String()
	}
}

// which names the connection, if it is not the first, which most programs have only.
func (s State) which() string {
	if s.Connection <= 1 {
		return ""
	}
	return fmt.Sprintf(" (connection %d)", s.Connection)
}
