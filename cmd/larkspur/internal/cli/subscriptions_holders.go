package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A holder is a token whose subscriptions can be listed and deleted.
type holder struct {
	name   string // a login, or appHolder
	userID string // "" for the app token
}

// holders returns the tokens to search: all, or with --user the app token and the user's.
func (f *finder) holders(ctx context.Context) ([]holder, error) {
	if err := f.s.become(ctx, ""); err != nil {
		return nil, err
	}
	var holders []holder
	if !f.s.public {
		holders = append(holders, holder{name: appHolder})
	}
	var own bool
	for _, u := range f.s.users {
		is := f.flags.user == "" || isUser(u, f.flags.user)
		if is && f.flags.user != "" {
			own, f.aboutID = true, u.ID
		}
		switch {
		case !is:
		case u.Problem != "":
			f.problem(fmt.Errorf("%s must log in again: %s", u.Login, u.Problem))
		default:
			holders = append(holders, holder{u.Login, u.ID})
		}
	}
	switch {
	case len(holders) == 0 && len(f.problems) > 0:
		return nil, errors.Join(f.problems...)
	case len(holders) == 0 && f.flags.user != "":
		return nil, f.s.notLoggedIn(printable(f.flags.user))
	case len(holders) == 0:
		return nil, usageError{errors.New("the application's subscriptions need TWITCH_CLIENT_SECRET, those over WebSocket a login\nTo log in, run:\n  larkspur login")}
	case f.flags.user != "" && !own:
		return holders, f.findUser(ctx)
	}
	return holders, nil
}

// findUser finds the id of a user who has not logged in here.
func (f *finder) findUser(ctx context.Context) error {
	user := strings.TrimPrefix(f.flags.user, "@")
	found, err := f.s.tw.Users.ByLogin(ctx, user)
	if errors.Is(err, helix.ErrNotFound) && isID(user) {
		f.aboutID = user
		return nil
	}
	if errors.Is(err, helix.ErrNotFound) {
		return fmt.Errorf("there is no user %q on Twitch", printable(user))
	}
	if err != nil {
		return err
	}
	f.aboutID = found.ID
	return nil
}

func isUser(u oauth.User, name string) bool {
	return strings.EqualFold(u.Login, strings.TrimPrefix(name, "@")) || u.ID == name
}

func isID(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

func (f *finder) problem(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.problems = append(f.problems, err)
}

// report prints what failed and returns an error if something did.
func (f *finder) report(p Process) error {
	for _, err := range f.problems {
		printProblem(p, err)
	}
	if len(f.problems) > 0 {
		return errors.New("the list is not complete")
	}
	return nil
}

// printProblem prints an error and the command that solves it.
func printProblem(p Process, err error) {
	fmt.Fprintln(p.Stderr, err)
	if command := hint(err); command != "" {
		fmt.Fprintf(p.Stderr, "  %s\n", command)
	}
}
