package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/oauth"
)

// account returns the user who follows the events.
func (p *planner) account() (oauth.User, error) {
	users := p.s.users
	switch {
	case p.f.as != "":
		for _, u := range users {
			if isUser(u, p.f.as) {
				return u, nil
			}
		}
		return oauth.User{}, p.s.notLoggedIn(printable(p.f.as))
	case len(users) == 1:
		return users[0], nil
	case len(users) == 0 && p.transport == overWebSocket:
		return oauth.User{}, fmt.Errorf("no account has logged in\nTo log in, run:\n  %s", p.f.app.command(p.firstLogin()))
	case len(users) == 0 && len(p.f.channels) > 0:
		return oauth.User{}, nil // the app token needs no login here
	case len(users) == 0:
		return oauth.User{}, usageError{errors.New("no account has logged in; name the channels with:\n  --channel LOGIN")}
	}
	if len(p.f.channels) == 1 {
		for _, u := range users {
			if isUser(u, p.f.channels[0]) {
				return u, nil
			}
		}
	}
	if p.transport != overWebSocket && len(p.f.channels) > 0 {
		return oauth.User{}, nil
	}
	return oauth.User{}, usageError{fmt.Errorf("choose whose login to use, with --as LOGIN; %s", p.s.loggedIn())}
}

// firstLogin returns the command of a login that grants what the selected types need.
func (p *planner) firstLogin() string {
	var scopes []string
	for _, t := range p.types {
		scopes = append(scopes, t.Scopes.Minimal()...)
	}
	slices.Sort(scopes)
	if scopes = slices.Compact(scopes); len(scopes) > 0 {
		return "larkspur login --scopes " + strings.Join(scopes, ",")
	}
	return "larkspur login"
}

// findChannels returns the channels of --channel, or that of the account.
func (p *planner) findChannels(ctx context.Context) ([]channel, error) {
	if len(p.f.channels) == 0 {
		return []channel{{p.plan.account.ID, p.plan.account.Login}}, nil
	}
	found, err := p.s.findUsers(ctx, p.f.channels)
	if err != nil {
		return nil, err
	}
	var channels []channel
	for _, name := range p.f.channels {
		c := found[name]
		if c.id == "" {
			return nil, usageError{fmt.Errorf("--channel: there is no channel %q on Twitch", printable(name))}
		}
		if !slices.Contains(channels, c) {
			channels = append(channels, c)
		}
	}
	return channels, nil
}

// findConditionUsers replaces logins in --condition by ids.
func (p *planner) findConditionUsers(ctx context.Context) error {
	var names []string
	for _, f := range p.fields {
		if f.isLogin() {
			names = append(names, f.value)
		}
	}
	found, err := p.s.findUsers(ctx, names)
	if err != nil {
		return err
	}
	for i := range p.fields {
		f := &p.fields[i]
		if !f.isLogin() {
			continue
		}
		if f.value = found[f.value].id; f.value == "" {
			return usageError{fmt.Errorf("--condition %s: there is no such user on Twitch", printable(f.text))}
		}
	}
	return nil
}

// nameOf returns the login of a channel's owner, else "user ID".
func (p *planner) nameOf(userID string) string {
	for _, c := range p.plan.channels {
		if c.id == userID {
			return c.login
		}
	}
	return "user " + userID
}
