package action

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/helix"
)

// A Twitch is one channel as a bot reaches it.
type Twitch struct {
	Client      *helix.Client
	Sender      *chat.Sender
	Broadcaster chat.User // whose channel it is
	Bot         chat.User // who speaks and moderates

	// Send sends a text to another chat.
	Send func(ctx context.Context, connector, text string) error
	// HTTP makes the requests of the action http. It should refuse private addresses.
	HTTP *http.Client
}

// Errors of a Twitch that lacks a part.
var (
	errNoClient = errors.New("the host has no client for Twitch's API")
	errNoSender = errors.New("the host has no sender for chat")
	errNoSend   = errors.New("the host has no other chats")
)

// Do carries out an effect and returns its outcome, which is nil for an action without
// one.
func Do(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
	a := Named(e.Action)
	if a == nil || a.Do == nil {
		return nil, fmt.Errorf("there is no action %q that a host carries out", e.Action)
	}
	if t.Client == nil && len(a.Endpoints) > 0 && a.Class != ClassReply {
		return nil, errNoClient
	}
	return a.Do(ctx, t, e)
}

// asBot returns the client with the bot's token.
func (t *Twitch) asBot() *helix.Client { return t.Client.As(t.Bot.ID) }

// userID returns the id of a user, which it looks up for a login.
func (t *Twitch) userID(ctx context.Context, u User) (string, error) {
	if u.ID != "" {
		return u.ID, nil
	}
	user, err := t.Client.Users.ByLogin(ctx, u.Login)
	if err != nil {
		return "", err
	}
	return user.ID, nil
}

// channelID returns the id of the channel that an effect names, or that of its own.
func (t *Twitch) channelID(ctx context.Context, e Effect, field string) (string, error) {
	if !e.Has(field) {
		return t.Broadcaster.ID, nil
	}
	return t.userID(ctx, e.User(field))
}
