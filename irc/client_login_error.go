package irc

import (
	"errors"
	"fmt"
)

// A LoginError means that Twitch accepts no token of the account any more until a person has
// logged in again. [Client.Run] ends with it, unless Options.WaitForLogin is set.
type LoginError struct {
	Login string // of the account; "" if it is not known
	Err   error  // of RenewToken, of Token, or ErrLoginFailed
}

func (e *LoginError) Error() string {
	account := e.Login
	if account == "" {
		account = "the account"
	}
	const advice = "log in again with the scope chat:read, and chat:edit to write over IRC"
	if errors.Is(e.Err, ErrLoginFailed) {
		return fmt.Sprintf("irc: twitch refuses the token of %s, and there is no other; %s", account, advice)
	}
	return fmt.Sprintf("irc: no token of %s: %v; %s", account, e.Err, advice)
}

// Unwrap returns Err.
func (e *LoginError) Unwrap() error { return e.Err }

// LoginRequired returns true: no other token can be had without a login.
func (*LoginError) LoginRequired() bool { return true }
