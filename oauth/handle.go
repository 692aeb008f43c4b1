package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// begin sends the browser to Twitch.
func (h *Handler) begin(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	force := query.Get("force_verify")
	l := Login{Scopes: h.o.Scopes.Modern(), UserID: query.Get("user_id"), forced: force == "true" || force == "1"}
	if query.Has("scopes") {
		l.Scopes = ParseScopes(query.Get("scopes")).Modern()
	}
	if unknown := l.Scopes.Difference(h.o.Allowed.Modern().Union(h.o.Scopes.Modern())); len(unknown) > 0 || !digits(l.UserID) {
		page{
			status: http.StatusBadRequest, title: "That cannot be asked for",
			text: "The address asks for scopes or a user that this program does not know. Nothing was changed.",
		}.write(w)
		return
	}
	if l.Scopes.Contains(ScopeOpenid) {
		l.Nonce = NewState()
	}
	state, browser := h.logins.Begin(l)
	http.SetCookie(w, h.cookie(state, browser, loginTime))
	address := h.manager.client.AuthorizeURL(Authorization{
		RedirectURI: h.redirect.String(), Scopes: l.Scopes, State: state, Nonce: l.Nonce,
		ForceVerify: l.forced,
	})
	w.Header().Set("Location", address) // http.Redirect would write the state into a page
	w.WriteHeader(http.StatusFound)     // and not for good, as 308 would be
}

// digits reports whether s can be a user's ID; an empty one means anybody.
func digits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(s) <= 20
}

// cookie keeps the browser's secret of one login; several may be under way in one
// browser, each with a cookie of its own. The prefix __Host- keeps sites beside ours
// from setting it.
func (h *Handler) cookie(state string, browser Secret, life time.Duration) *http.Cookie {
	hash := sha256.Sum256([]byte(state))
	name := "login-" + hex.EncodeToString(hash[:6])
	secure := h.redirect.Scheme == "https"
	if secure {
		name = "__Host-" + name
	}
	c := &http.Cookie{
		Name: name, Value: string(browser), Path: "/", MaxAge: int(life.Seconds()),
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, // Lax: Twitch sends the person here by a link
	}
	if life <= 0 {
		c.MaxAge = -1
	}
	return c
}

// finish exchanges the code, unless something is wrong.
func (h *Handler) finish(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	state := query.Get("state")
	spent := h.cookie(state, "", 0)
	var browser Secret
	if c, err := r.Cookie(spent.Name); err == nil {
		browser = Secret(c.Value)
		http.SetCookie(w, spent)
	}
	l, known, err := h.logins.finish(state, browser)
	if err == nil && len(query["state"])+len(query["code"]) > 2 {
		err = ErrState // said twice: somebody put an address together
	}
	var code Secret
	if err == nil {
		code, err = ParseRedirect(r.URL.RawQuery, state)
	}
	// The person may close the window; what Twitch gives must be stored all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), loginTimeout)
	defer cancel()
	var u User
	if err == nil {
		u, err = h.take(ctx, l, code)
	}
	if err != nil {
		h.fail(w, r, err)
		if known && h.o.OnFail != nil {
			_ = http.NewResponseController(w).Flush() // the page, before the program ends; some writers cannot
			h.o.OnFail(ctx, l, err)
		}
		return
	}
	h.log.InfoContext(ctx, "logged in", "user_id", u.ID, "login", u.Login, "scopes", u.Scopes.String())
	if h.o.OnLogin != nil {
		h.o.OnLogin(w, r, u)
		return
	}
	page{status: http.StatusOK, title: "You are logged in", text: "Thank you, " + u.Login + ". You can close this window."}.write(w)
}

// loginTimeout is how long Twitch has for all that finishes a login.
const loginTimeout = time.Minute

// What a [Handler] refuses a finished login for.
var (
	// ErrOtherUser: somebody else has logged in than the login was for.
	ErrOtherUser = errors.New("oauth: another user than intended has logged in")
	// ErrNotGranted: the person has not granted everything that was asked for.
	ErrNotGranted = errors.New("oauth: not everything that was asked for was granted")
	// ErrNotWelcome: [HandlerOptions.Accept] has refused the person.
	ErrNotWelcome = errors.New("oauth: the user is not accepted")
)

// take turns a code into a stored token, if it is what was asked for.
func (h *Handler) take(ctx context.Context, l Login, code Secret) (User, error) {
	t, err := h.manager.client.ExchangeCode(ctx, code, h.redirect.String())
	if err != nil {
		return User{}, err
	}
	// Nobody is logged in whom nobody has checked. So a token that Twitch does not say
	// more about is not kept for later, but given back.
	id, err := h.manager.identify(ctx, t.AccessToken, 3)
	if err == nil {
		err = h.check(ctx, l, t, id)
	}
	if err != nil {
		if revokeErr := h.manager.client.Revoke(ctx, t.AccessToken); revokeErr != nil {
			h.log.WarnContext(ctx, "refused token not revoked", "error", revokeErr)
		}
		return User{}, err
	}
	if !l.forced {
		if u, ok := h.manager.covering(ctx, id); ok {
			return u, nil // t is not revoked: what else Twitch would end with it is documented nowhere
		}
	}
	t.AddedAt = time.Now()
	return h.manager.settle(ctx, t, id, newest)
}

func (h *Handler) check(ctx context.Context, l Login, t Token, id Identity) error {
	switch {
	case l.UserID != "" && l.UserID != id.UserID:
		return fmt.Errorf("%w: %s", ErrOtherUser, id)
	case len(l.Scopes.Difference(id.Scopes)) > 0:
		return fmt.Errorf("%w: %s lacks %s", ErrNotGranted, id, l.Scopes.Difference(id.Scopes))
	}
	if l.Nonce != "" {
		who, err := h.manager.client.VerifyIDToken(ctx, t.IDToken, l.Nonce)
		if err != nil {
			return err
		}
		if who.UserID != id.UserID {
			return fmt.Errorf("%w: %s", ErrOtherUser, id)
		}
	}
	if h.o.Accept != nil {
		if err := h.o.Accept(ctx, id); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrNotWelcome, id, err)
		}
	}
	return nil
}

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
		p.status, p.title = http.StatusForbidden, "You said no"
		p.text = "Twitch says that you do not want to log in here. Nothing was changed. You can close this window."
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
