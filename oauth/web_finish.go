package oauth

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

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
		err = ErrState // given twice: Twitch makes no such address
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
	if h.o.OnAuthorized != nil {
		if err := h.o.OnAuthorized(ctx, u); err != nil {
			h.log.ErrorContext(ctx, "login stored, but not used", "user_id", u.ID, "login", u.Login, "error", err)
			page{
				status: http.StatusInternalServerError, title: "Your login is stored, but not in use yet",
				text: "Thank you, " + u.Login + ". The program could not start to use the login. You need not log in again; please tell the person who runs this program to look at its log.",
			}.write(w)
			return
		}
	}
	if h.o.OnLogin != nil {
		h.o.OnLogin(w, r, u)
		return
	}
	page{status: http.StatusOK, title: "You are logged in", text: "Thank you, " + u.Login + ". You can close this window."}.write(w)
}

// loginTimeout is how long Twitch has for all that finishes a login.
const loginTimeout = time.Minute

// take turns a code into a stored token, if it is what was asked for.
func (h *Handler) take(ctx context.Context, l Login, code Secret) (User, error) {
	t, err := h.manager.client.ExchangeCode(ctx, code, h.redirect.String())
	if err != nil {
		return User{}, err
	}
	// A user is logged in only after the check. So a token whose user Twitch does not
	// tell is not kept for later, but revoked.
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
	return h.manager.settle(ctx, t, id, isNewest)
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
