package larkspur

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// web is the login page of an App. It is made when it is first needed, because its scopes
// are those of the handlers.
type web struct {
	once sync.Once
	h    *oauth.Handler
	err  error
}

func (w *web) handler(a *App) (*oauth.Handler, error) {
	w.once.Do(func() {
		o := a.o.Web
		if o.Scopes == nil {
			o.Scopes = a.Scopes()
		}
		if o.Logger == nil {
			o.Logger = a.o.Logger
		}
		o.OnAuthorized = a.authorized
		w.h, w.err = oauth.NewHandler(a.Tokens, a.o.RedirectURI, o)
	})
	return w.h, w.err
}

// ServeHTTP serves the login pages: the one at [App.LoginURL] sends a browser to Twitch,
// and the one at AppOptions.RedirectURI finishes the login and adds the channel. After
// NewWebhookApp it also answers the requests of Twitch to the callback. Of a path, it
// looks at the last element only, so a proxy may change the rest. See [oauth.Handler] and
// [eventsub.Webhook] for what they guard against.
//
// The server needs a ReadHeaderTimeout. TLS is its task, or that of a proxy.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if a.Webhook != nil && r.Method == http.MethodPost {
		a.Webhook.ServeHTTP(w, r)
		return
	}
	if a.o.RedirectURI == "" {
		http.NotFound(w, r)
		return
	}
	h, err := a.web.handler(a)
	if err != nil {
		a.log.ErrorContext(r.Context(), "login page not served", "error", err)
		http.Error(w, "the login page is not configured", http.StatusInternalServerError)
		return
	}
	h.ServeHTTP(w, r)
}

// Scopes returns the smallest set of scopes that a channel's owner has to grant for the
// events that have a handler now, and for the options Endpoints and Scopes.
func (a *App) Scopes() oauth.ScopeSet {
	needs := needsOf(a.Mux, a.bots.endpoints(a.o.Endpoints), nil)
	own := oauth.NewScopeSet(a.o.Scopes...)
	if a.chats() {
		needs = append(needs, oauth.ChatNeeds(oauth.ChatAsApp)...)
	}
	if a.o.Bot == "" {
		return own.Union(oauth.SmallestScopes(needs))
	}
	return own.Union(oauth.SmallestScopes(needs, oauth.RoleBroadcaster))
}

// BotScopes returns what the bot has to grant, in the same way. It is empty without
// AppOptions.Bot.
func (a *App) BotScopes() oauth.ScopeSet {
	if a.o.Bot == "" {
		return nil
	}
	needs := needsOf(a.Mux, a.bots.endpoints(a.o.Endpoints), nil)
	if a.chats() {
		needs = append(needs, oauth.ChatNeeds(oauth.ChatAsApp)...)
	}
	return oauth.SmallestScopes(needs, oauth.RoleBot, oauth.RoleModerator)
}

// chats reports whether chat is read: Twitch sends it to an application only if the
// reader and the channel's owner have agreed.
func (a *App) chats() bool {
	types, _ := a.Mux.Missing()
	return slices.ContainsFunc(types, func(t eventsub.Type) bool {
		info, ok := eventsub.Lookup(t)
		return ok && info.TokenUser == "user_id" && strings.HasPrefix(t.Name, "channel.chat")
	})
}

// LoginURL returns the address that a channel's owner has to open to add the channel, or
// "" without AppOptions.RedirectURI.
func (a *App) LoginURL() string { return a.loginURL("", a.Scopes()) }

// BotLoginURL returns the address that the bot has to open to log in, or "" without
// AppOptions.RedirectURI or AppOptions.Bot.
func (a *App) BotLoginURL() string {
	if a.o.Bot == "" {
		return ""
	}
	a.mu.Lock()
	botID := a.botID
	a.mu.Unlock()
	return a.loginURL(botID, a.BotScopes())
}

// loginURLOf returns where a user can log in again.
func (a *App) loginURLOf(userID string) string {
	a.mu.Lock()
	isBot := userID == a.botID
	a.mu.Unlock()
	if isBot {
		return a.BotLoginURL()
	}
	return a.loginURL(userID, a.Scopes())
}

func (a *App) loginURL(userID string, scopes oauth.ScopeSet) string {
	if a.o.RedirectURI == "" {
		return ""
	}
	h, err := a.web.handler(a)
	if err != nil {
		return ""
	}
	return h.LoginURL(userID, scopes)
}
