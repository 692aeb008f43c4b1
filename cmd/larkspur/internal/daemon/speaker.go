package daemon

import (
	"context"
	"slices"
	"sync"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/oauth"
)

// writeNeed is the need of writing to chat: new logins grant the scope for Send Chat
// Message; tokens made as opsdroid's documentation describes, with chat:edit, write over IRC.
var writeNeed = oauth.Need{For: "write chat", Scopes: [][]oauth.Scope{{oauth.ScopeUserWriteChat, oauth.ScopeChatEdit}}, By: oauth.RoleBot}

// A speaker carries the bot's messages to chat: with Send Chat Message if the bot's
// account has granted its scope, otherwise over IRC. It implements [chat.Carrier] with all
// its optional methods. Messages are sent only to channels that the bot listens to.
type speaker struct {
	api, irc chat.Carrier
	client   *irc.Client
	who      accounts
	granted  granter
	say      *announcer

	mu     sync.Mutex
	useAPI bool // guarded by mu
	told   bool // guarded by mu; the operator knows the way
}

// An ircCarrier is what the carrier of package irc can do.
type ircCarrier interface {
	Ready(channel chat.User) error
	Changed() <-chan struct{}
	Roles(channel chat.User) (roles chat.Roles, known bool)
}

func newSpeaker(tw *helix.Client, client *irc.Client, who accounts, g granter, say *announcer) *speaker {
	return &speaker{api: tw.Chat.Carrier(who.bot.ID), irc: client.Carrier(), client: client, who: who, granted: g, say: say}
}

// newSender returns the sender of everything that the bot writes.
func newSender(voice *speaker, cfg *Config) *chat.Sender {
	return chat.NewSender(voice, chat.SenderOptions{TTL: cfg.Twitch.ReplyExpiry, Evade: true})
}

// choose decides which way messages go, and tells the operator when that changes.
func (s *speaker) choose(ctx context.Context) {
	useAPI := grants(ctx, s.granted, s.who.bot, helix.Scopes{{oauth.ScopeUserWriteChat}})
	s.mu.Lock()
	same := s.told && s.useAPI == useAPI
	s.useAPI, s.told = useAPI, true
	s.mu.Unlock()
	switch {
	case same:
	case useAPI:
		s.say.note(ctx, "messages are sent with Twitch's API (Send Chat Message)")
	default:
		s.say.note(ctx, "messages are sent over IRC, because "+s.who.bot.Login+" has not granted "+oauth.ScopeUserWriteChat)
	}
}

func (s *speaker) usesAPI() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.useAPI
}

// Carry implements [chat.Carrier].
func (s *speaker) Carry(ctx context.Context, m chat.Outgoing) (string, error) {
	if s.usesAPI() {
		return s.api.Carry(ctx, m)
	}
	return s.irc.Carry(ctx, m)
}

// Ready reports whether a message can be sent now. Send Chat Message needs no connection.
func (s *speaker) Ready(channel chat.User) error {
	if !s.usesAPI() {
		return s.irc.(ircCarrier).Ready(channel)
	}
	if !slices.Contains(s.client.Channels(), channel.Login) {
		return irc.ErrNotWanted
	}
	return nil
}

// Changed returns a channel that is closed when the bot joins or leaves a channel.
func (s *speaker) Changed() <-chan struct{} { return s.irc.(ircCarrier).Changed() }

// Roles returns what the bot is in a channel, which IRC tells.
func (s *speaker) Roles(channel chat.User) (chat.Roles, bool) {
	return s.irc.(ircCarrier).Roles(channel)
}

// Account returns the bot's account.
func (s *speaker) Account() chat.User {
	return chat.User{ID: s.who.bot.ID, Login: s.who.bot.Login}
}
