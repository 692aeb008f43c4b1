package bot

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/helix"
)

// A User is a user named in a command: "@grace", "grace" or an ID.
type User = chat.User

// A technicalError is an error that the chatter cannot fix.
type technicalError struct{ err error }

func (e *technicalError) Error() string { return e.err.Error() }
func (e *technicalError) Unwrap() error { return e.err }

func isTechnical(err error) bool {
	_, ok := errors.AsType[*technicalError](err)
	return ok
}

// parseUser parses the name of a user. Users who came with the message are not looked
// up.
func parseUser(ctx context.Context, c *Call, word string, v reflect.Value) error {
	login := strings.ToLower(strings.Trim(word, "@,:;.!?"))
	if !isLogin(login) {
		return &textError{text: TextLogin}
	}
	u, ok := known(c.Message, login)
	if !ok {
		var err error
		if u, err = c.bot.lookUp(ctx, login); err != nil {
			return c.unknownUser(err)
		}
	}
	v.Set(reflect.ValueOf(u))
	return nil
}

// unknownUser makes a sentence of its own of the error for a user who does not exist.
func (c *Call) unknownUser(err error) error {
	if _, ok := errors.AsType[*textError](err); ok {
		return &UserError{Text: c.told(err)}
	}
	return err
}

// known returns the user with the login if the message brought them along: who wrote
// it, whose channel it is, or whom it mentions.
func known(m *chat.Message, login string) (User, bool) {
	u, ok := m.Mentioned(login)
	switch {
	case m.Chatter.Login == login:
		u, ok = m.Chatter.User, true
	case m.Broadcaster.Login == login:
		u, ok = m.Broadcaster, true
	}
	if ok && u.Name == "" { // IRC sends no display name of the broadcaster
		u.Name = u.Login
	}
	return u, ok
}

// lookUp asks Twitch for a user. Digits may be an ID or a login; a login wins. Calls at the
// same time share a request, and found users are remembered: see [helix.UsersService.ByLogin].
func (b *Bot) lookUp(ctx context.Context, word string) (User, error) {
	found, err := b.user().own.Users.ByLogin(ctx, word)
	if errors.Is(err, helix.ErrNotFound) && strings.Trim(word, "0123456789") == "" {
		found, err = b.user().own.Users.ByID(ctx, word)
	}
	switch {
	case errors.Is(err, helix.ErrNotFound):
		return User{}, &textError{TextUnknownUser, []any{word}}
	case err != nil:
		return User{}, &technicalError{fmt.Errorf("look up %s: %w", word, err)}
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
