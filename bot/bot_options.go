package bot

import (
	"context"
	"log/slog"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// Options configure a [Bot]. UserID is required, unless UserLater is set.
type Options struct {
	UserID  string // the bot's account; its token needs user:read:chat and user:write:chat
	OwnerID string // of the person whom [Bot.IsOwner] allows; default: no one is allowed

	// UserLater allows to make the bot before its account has logged in. It handles nothing
	// until [Bot.SetUser] is called.
	UserLater bool

	Prefix   string   // what a command begins with; default "!"
	Prefixes []string // further ones, such as "@larkspur "
	// PrefixesFor returns the prefixes for the channel of a message, instead of Prefix and
	// Prefixes. It is called for each message and must return at once.
	PrefixesFor func(m *chat.Message) []string

	Order Order // which calls run one after another; default [ByChatter]
	// Workers is how many calls run at the same time; default 64. Queue is how many may
	// wait; default 1024, and a 64th of it for those that run one after another. Further calls
	// are dropped, logged and counted: see [Bot.Stats].
	Workers, Queue int
	// Deadline is how long a call may take; its context ends then. Default 30 s.
	Deadline time.Duration

	// OtherChannels makes messages call commands that were written in another channel of a
	// shared chat session. By default they do not: the bot of that channel answers them.
	OtherChannels bool

	// Sender sends the answers; default one over Helix. Give the Sender of the irc.Client
	// to answer over IRC, and the same Sender to everything that writes as the account.
	Sender *chat.Sender

	// Translate returns a text in the language of a call, "" for English. It is called for
	// each text of the framework that goes to chat, and must return at once.
	Translate func(c *Call, t Text) string

	// Mux is where rewards and components get events from. Default: the one given to [New].
	Mux *eventsub.Mux

	// OnError is called for each error and panic of a command that is not for the chatter.
	// ID is what the chatter was told. Errors go to Logger as well; its default is to
	// discard them.
	OnError func(ctx context.Context, c *Call, id string, err error)
	Logger  *slog.Logger
}

// An Order says which calls run one after another, in order of arrival.
type Order int

// The orders of [Options].
const (
	ByChatter Order = iota // those of one chatter in a channel: a chatter delays no other
	ByChannel              // those in a channel: a slow command holds it up
	Unordered              // none: all run at the same time
)
