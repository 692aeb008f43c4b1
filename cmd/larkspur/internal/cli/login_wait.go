package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A browserWait is the wait for a login that a browser makes.
type browserWait struct {
	p    Process
	ask  loginAsk
	done chan oauth.User // the login
	over chan error      // why there will be none

	mu    sync.Mutex
	taken string // guarded by mu; id of who was accepted
}

func newBrowserWait(p Process, ask loginAsk) *browserWait {
	return &browserWait{p: p, ask: ask, done: make(chan oauth.User, 1), over: make(chan error, 1)}
}

var errTaken = errors.New("another account has just logged in with this address")

// accept tells the terminal too why an account is refused; the person may try again.
// Of two windows with two accounts the first wins: nobody must be stored unseen.
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
	default: // it has two windows
	}
}

// failed ends the wait, unless the person can mend it in the browser. The page has told
// them; here it is told where they look next.
func (w *browserWait) failed(_ context.Context, l oauth.Login, err error) {
	if l.UserID != w.ask.id || l.Scopes.String() != w.ask.scopes.Modern().String() {
		return // not the login that we wait for
	}
	refusal, refused := errors.AsType[*oauth.Error](err)
	switch {
	case errors.Is(err, oauth.ErrNotWelcome): // told when it was refused
		return
	case errors.Is(err, oauth.ErrOtherUser):
		w.again(fmt.Errorf("you logged in with another account than %s; nothing was kept. Change the account on twitch.tv and try again", w.ask.who))
		return
	case errors.Is(err, oauth.ErrNotGranted):
		w.again(errors.New("not everything was granted that is asked for; nothing was kept. Try again"))
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
	errSaidNo  = errors.New("you said no on Twitch's page; nobody was logged in")
	errTooLong = errors.New("it took more than ten minutes; nobody was logged in, run the same command again")
)

// loginPage says that it worked. It holds nothing that came in the address.
func loginPage(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("You are logged in. Close this window and go back to the terminal.\n")) // who has gone away needs no page
}
