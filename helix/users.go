package helix

import (
	"context"
	"net/http"
	"strings"
)

// ByLogin gets the user with the given login. Nobody is an error that is
// [ErrNotFound]. The login may be written as people write it: "@Ada".
func (s *UsersService) ByLogin(ctx context.Context, login string) (*User, error) {
	login = strings.ToLower(strings.TrimLeft(strings.TrimSpace(login), "@#"))
	if login == "" {
		return nil, &ParamError{Endpoint: getUsers, Param: "login", Rule: "is required"}
	}
	return s.only(ctx, GetUsersParams{Logins: []string{login}}, "nobody has the login "+clean(login))
}

// ByID gets the user with the given id. Nobody is an error that is [ErrNotFound].
func (s *UsersService) ByID(ctx context.Context, id string) (*User, error) {
	if id == "" {
		return nil, &ParamError{Endpoint: getUsers, Param: "id", Rule: "is required"}
	}
	return s.only(ctx, GetUsersParams{IDs: []string{id}}, "nobody has the id "+clean(id))
}

// only gets the one user that p describes.
func (s *UsersService) only(ctx context.Context, p GetUsersParams, nobody string) (*User, error) {
	users, err := s.Get(ctx, p)
	if err != nil {
		return nil, err
	}
	if len(users) == 0 {
		return nil, &Error{Endpoint: getUsers, Status: http.StatusOK, Message: nobody}
	}
	return &users[0], nil
}
