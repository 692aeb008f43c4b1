package oauth

import (
	"crypto/sha256"
	"encoding/hex"
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
			text: "The address requests scopes or a user that this program does not accept. Nothing was changed.",
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

// digits reports whether s can be a user's ID; an empty one allows any user.
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
