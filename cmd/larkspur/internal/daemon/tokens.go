package daemon

import (
	"context"
	"log/slog"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// newTokens returns the tokens of the configuration's application. It logs renewals, and
// sends lost logins to lost.
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
			default: // the queue is full: skip this report
			}
		},
	})
}

// lostLogins is how many lost logins may wait to be reported.
const lostLogins = 64

// connectLife is the remaining lifetime that the token of a new connection must have:
// the session subscribes to everything within ten seconds of connecting.
const connectLife = time.Minute

// refreshBefore renews a token that expires soon, before a connection is made with it.
// The caller that uses the token reports a failure.
func refreshBefore(ctx context.Context, tokens *oauth.Manager, s eventsub.State) {
	if s.Phase != eventsub.Connecting || s.UserID == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, _ = tokens.FreshToken(ctx, s.UserID, connectLife)
}

// renewalGrace limits the wait for a renewal under way when the bot ends. It is longer
// than the Manager's own limit.
const renewalGrace = time.Minute

// closeTokens waits for renewals under way, because their response may hold the only
// valid refresh token. Keeping it matters more than ending quickly.
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
