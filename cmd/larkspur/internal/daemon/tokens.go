package daemon

import (
	"context"
	"log/slog"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// newTokens returns the tokens of the configuration's application. Renewals reach the
// log; who must log in again goes to lost.
func newTokens(cfg *Config, o Options, lost chan<- *oauth.LoginError) *oauth.Manager {
	return oauth.NewManager(cfg.Twitch.ClientID, string(cfg.Twitch.ClientSecret), o.Tokens, oauth.Options{
		HTTPClient: o.HTTPClient, BaseURL: o.Addresses.OAuth, Logger: o.Logger,
		OnRefreshed: func(userID string) {
			if userID == "" {
				userID = "the application"
			}
			o.Logger.Info("token renewed", "user_id", userID)
		},
		OnNeedsLogin: func(e *oauth.LoginError) {
			select {
			case lost <- e:
			default: // the queue is full: one report less
			}
		},
	})
}

// lostLogins is how many lost logins may wait to be reported.
const lostLogins = 64

// connectLife is how long a token must live that a connection is made with: the
// subscriptions of a new one are made in a burst, within ten seconds.
const connectLife = time.Minute

// refreshBefore renews the token of a connection that is about to be made, where it
// would end soon. A failure is reported by the caller that uses the token.
func refreshBefore(ctx context.Context, tokens *oauth.Manager, s eventsub.State) {
	if s.Phase != eventsub.Connecting || s.UserID == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, _ = tokens.FreshToken(ctx, s.UserID, connectLife)
}

// renewalGrace is how long a renewal that is under way at the end may take. Longer than
// the Manager gives it.
const renewalGrace = time.Minute

// closeTokens waits for renewals under way, which may hold the only refresh token
// there is: that is worth more than a quick end.
func closeTokens(ctx context.Context, tokens *oauth.Manager, log *slog.Logger) {
	ctx = context.WithoutCancel(ctx)
	quick, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	if tokens.Close(quick) == nil {
		return
	}
	log.WarnContext(ctx, "a token renewal is under way; it is finished first, since ending now could lose the login")
	patient, cancel := context.WithTimeout(ctx, renewalGrace)
	defer cancel()
	if err := tokens.Close(patient); err != nil {
		log.ErrorContext(ctx, "a token renewal did not end in time", "error", err)
	}
}
