package helix

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// ByLogin gets the user with the given login. The error is [ErrNotFound] if there is
// none. The login may be written as people write it: "@Ada".
//
// Look-ups at about the same time share a request of up to 100 users, and for
// [Options].RememberUsers the answer may be one that was given before.
func (s *UsersService) ByLogin(ctx context.Context, login string) (*User, error) {
	login = strings.ToLower(strings.TrimLeft(strings.TrimSpace(login), "@#"))
	if login == "" {
		return nil, &ParamError{Endpoint: getUsers, Param: "login", Rule: "is required"}
	}
	return s.only(ctx, userKey{login: login}, "no user has the login "+clean(login))
}

// ByID gets the user with the given id. The error is [ErrNotFound] if there is none.
// It shares requests and remembers as [UsersService.ByLogin] does.
func (s *UsersService) ByID(ctx context.Context, id string) (*User, error) {
	if id == "" {
		return nil, &ParamError{Endpoint: getUsers, Param: "id", Rule: "is required"}
	}
	return s.only(ctx, userKey{id: id}, "no user has the id "+clean(id))
}

// only gets the one user with the given key.
func (s *UsersService) only(ctx context.Context, key userKey, message string) (*User, error) {
	user, ok, err := s.c.core.people.of(s).get(ctx, key)
	switch {
	case err != nil && context.Cause(ctx) == err: //nolint:errorlint // exactly what lookups.get returned
		return nil, fmt.Errorf("helix: %s: %w", getUsers.Name, err)
	case err != nil:
		return nil, err
	case !ok:
		return nil, &Error{Endpoint: getUsers, Status: http.StatusOK, Message: message}
	}
	return &user, nil
}

// people are the look-ups of each identity that was given to As.
type people struct {
	keep time.Duration

	mu   sync.Mutex
	byAs map[string]*lookups // guarded by mu
}

func (p *people) of(s *UsersService) *lookups {
	p.mu.Lock()
	defer p.mu.Unlock()
	as := s.c.userID
	if found := p.byAs[as]; found != nil {
		return found
	}
	if p.byAs == nil || len(p.byAs) >= maxBuckets {
		p.byAs = map[string]*lookups{}
	}
	made := &lookups{fetch: s.Get, keep: p.keep}
	p.byAs[as] = made
	return made
}
