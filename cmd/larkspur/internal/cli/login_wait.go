package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A browserWait waits for a login in the browser.
type browserWait struct {
	p    Process
	ask  loginAsk
	done chan oauth.User // the login
	over chan error      // why there will be no login

	mu    sync.Mutex
	taken string // guarded by mu; ID of the accepted user
}

func newBrowserWait(p Process, ask loginAsk) *browserWait {
	return &browserWait{p: p, ask: ask, done: make(chan oauth.User, 1), over: make(chan error, 1)}
}

var errTaken = errors.New("another account has already logged in with this address")

// accept also prints at the terminal why an account is rejected; the user may try again.
// If two windows log in two accounts, the first wins.
func (w *browserWait) accept(_ context.Context, id oauth.Identity) error {
	err := w.ask.accept(id.Login)
	if err == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.taken != "" && w.taken != id.UserID {
			return errTaken
		}
		w.taken = id.UserID
		return nil
	}
	w.again(err)
	return err
}

func (w *browserWait) again(err error) {
	fmt.Fprintf(w.p.Stdout, "%s%v: the address above still works.\n", overCountdown(w.p), err)
}

func (w *browserWait) loggedIn(rw http.ResponseWriter, _ *http.Request, u oauth.User) {
	loginPage(rw)
	select {
	case w.done <- u:
	default: // the same account in a second window
	}
}

// failed ends the wait, unless the user can try again in the browser. The page has shown
// the reason; failed prints it at the terminal too.
func (w *browserWait) failed(_ context.Context, l oauth.Login, err error) {
	if l.UserID != w.ask.id || l.Scopes.String() != w.ask.scopes.Modern().String() {
		return // another login than the one that is awaited
	}
	refusal, refused := errors.AsType[*oauth.Error](err)
	switch {
	case errors.Is(err, oauth.ErrNotWelcome): // printed by accept
		return
	case errors.Is(err, oauth.ErrOtherUser):
		w.again(fmt.Errorf("you logged in with another account than %s; nothing was stored. Change the account on twitch.tv and try again", w.ask.who))
		return
	case errors.Is(err, oauth.ErrNotGranted):
		w.again(errors.New("not all requested scopes were granted; nothing was stored. Try again"))
		return
	case refused && refusal.Code == "access_denied":
		err = errSaidNo
	case errors.Is(err, oauth.ErrState):
		err = errTooLong
	}
	select {
	case w.over <- err:
	default: // one is enough
	}
}

var (
	errSaidNo  = errors.New("the request was denied on Twitch's page; no account was logged in")
	errTooLong = errors.New("the login took more than ten minutes; no account was logged in. Run the same command again")
)

// loginPage reports success. It contains nothing from the address.
func loginPage(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("You are logged in. Close this window and go back to the terminal.\n")) // the browser may have closed the connection
}
