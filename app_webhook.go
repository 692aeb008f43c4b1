package larkspur

import (
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// NewWebhookApp returns an App that receives its events as requests of Twitch to a
// callback, an https address of this program such as "https://bot.example/eventsub".
// [App.ServeHTTP] answers them:
//
//	app := larkspur.NewWebhookApp(clientID, clientSecret, store, "https://bot.example/eventsub", larkspur.AppOptions{
//		Webhook: eventsub.WebhookOptions{Secrets: secrets},
//		Mux:     eventsub.MuxOptions{Inbox: inbox},
//	})
//	http.Handle("/eventsub/", app)
//
// Without a store of secrets, a restart creates all subscriptions anew and misses the
// events until then. Without an inbox, events that were acknowledged but not yet handled
// are lost if the program is killed. See [eventsub.Webhook].
//
// The application needs a secret. Logins are kept in store. NewWebhookApp does not wait;
// mistakes in the options are returned by Run. It panics if store is nil: use
// [oauth.OpenFileStore].
func NewWebhookApp(clientID, clientSecret string, store oauth.Store, callback string, o AppOptions) *App {
	a, _ := newApp(clientID, clientSecret, store, o)
	w := o.Webhook
	w.Callback = callback
	if w.Logger == nil {
		w.Logger = o.Logger
	}
	a.Webhook = eventsub.NewWebhook(a.Twitch, a.Mux, w)
	a.events = a.Webhook
	return a
}
