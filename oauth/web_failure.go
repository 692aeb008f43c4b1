package oauth

import (
	"errors"
	"net/http"
)

// The reasons for which a [Handler] refuses a login.
var (
	// ErrOtherUser: another user than the intended one has logged in.
	ErrOtherUser = errors.New("oauth: another user than intended has logged in")
	// ErrNotGranted: the person has not granted everything that was asked for.
	ErrNotGranted = errors.New("oauth: not everything that was asked for was granted")
	// ErrNotWelcome: [HandlerOptions.Accept] has refused the person.
	ErrNotWelcome = errors.New("oauth: the user is not accepted")
)

// fail shows what went wrong, in words that are ours: others' may be a trap.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	h.log.WarnContext(r.Context(), "login not finished", "error", err)
	p := page{status: http.StatusBadGateway, title: "That did not work", text: "The login could not be finished. Please try again; if it goes on, ask who runs this program to look at its log."}
	refusal, refused := errors.AsType[*Error](err)
	switch {
	case errors.Is(err, ErrState):
		p.status, p.title = http.StatusForbidden, "This login is not valid"
		p.text = "It was not begun in this browser, took longer than ten minutes, or was used already. Nothing was changed. Please begin again."
	case refused && refusal.Code == "access_denied":
		p.status, p.title = http.StatusForbidden, "Login refused"
		p.text = "Twitch reports that you refused the login. Nothing was changed. You can close this window."
	case errors.Is(err, ErrOtherUser):
		p.status, p.title = http.StatusForbidden, "Another account"
		p.text = "You are logged in to Twitch with another account than this login is for. Nothing was changed. Change the account at Twitch and begin again."
	case errors.Is(err, ErrNotGranted):
		p.status, p.title = http.StatusForbidden, "Not everything was granted"
		p.text = "This program needs all that it asked for. Nothing was changed. Please begin again."
	case errors.Is(err, ErrNotWelcome):
		p.status, p.title = http.StatusForbidden, "Not for this account"
		p.text = "This program does not accept that account. Nothing was changed."
	case refused && refusal.Op == opExchange && refusal.Status == http.StatusBadRequest, errors.Is(err, errNoCode):
		p.status, p.title = http.StatusBadRequest, "Twitch did not accept this login"
		p.text = "It may have taken too long, or been used already. Nothing was changed. Please begin again."
	}
	p.write(w)
}
