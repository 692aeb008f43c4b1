package bot

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// A User is somebody who was named in a command: "@grace", "grace" or an ID.
type User struct {
	ID    string
	Login string
	Name  string // display name
}

// Mention returns the name in the form that notifies.
func (u User) Mention() string { return "@" + u.Name }

// A technicalError is one that the chatter cannot do anything about.
type technicalError struct{ err error }

func (e *technicalError) Error() string { return e.err.Error() }
func (e *technicalError) Unwrap() error { return e.err }

func isTechnical(err error) bool {
	_, ok := errors.AsType[*technicalError](err)
	return ok
}

// parseUser finds out who is meant. Whoever Twitch highlighted in the message, and
// the chatter, are known without asking.
func parseUser(ctx context.Context, c *Call, word string, v reflect.Value) error {
	login := strings.ToLower(strings.Trim(word, "@,:;.!?"))
	if !isLogin(login) {
		return errors.New("must be somebody's name")
	}
	u, ok := known(c.Event, login)
	if !ok {
		var err error
		if u, err = c.bot.find(ctx, login); err != nil {
			return err
		}
	}
	v.Set(reflect.ValueOf(u))
	return nil
}

// known looks for a login among those that came with the message.
func known(e *eventsub.ChannelChatMessage, login string) (User, bool) {
	if strings.EqualFold(e.ChatterUserLogin, login) {
		return User{ID: e.ChatterUserID, Login: e.ChatterUserLogin, Name: e.ChatterUserName}, true
	}
	if strings.EqualFold(e.BroadcasterUserLogin, login) {
		return User{ID: e.BroadcasterUserID, Login: e.BroadcasterUserLogin, Name: e.BroadcasterUserName}, true
	}
	for _, f := range e.Message.Fragments {
		if m := f.Mention; m != nil && strings.EqualFold(m.UserLogin, login) {
			return User{ID: m.UserID, Login: m.UserLogin, Name: m.UserName}, true
		}
	}
	return User{}, false
}

// find asks Twitch. Digits may be an ID or a login; a login wins.
func (b *Bot) find(ctx context.Context, word string) (User, error) {
	p := helix.GetUsersParams{Logins: []string{word}}
	if strings.Trim(word, "0123456789") == "" {
		p.IDs = []string{word}
	}
	users, err := b.tw.As(b.o.UserID).Users.Get(ctx, p)
	if err != nil {
		return User{}, &technicalError{fmt.Errorf("look up %s: %w", word, err)}
	}
	var found *helix.User
	for i := range users {
		if found == nil || strings.EqualFold(users[i].Login, word) {
			found = &users[i]
		}
	}
	if found == nil {
		return User{}, Sorry("I do not know %s", word)
	}
	return User{ID: found.ID, Login: found.Login, Name: found.DisplayName}, nil
}

func isLogin(s string) bool {
	if s == "" || len(s) > 25 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
