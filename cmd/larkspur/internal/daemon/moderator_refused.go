package daemon

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// A roleExplainer explains why Twitch refuses event types that are for moderators. The
// refusal has the same text for every cause, so it looks the bot's role up.
type roleExplainer struct {
	tw     *helix.Client
	scopes scopeLister
	who    accounts
	say    *announcer

	refusals chan struct{}   // holds one element while there are refusals to explain
	said     map[string]bool // sentences that were already reported
}

func newRoleExplainer(tw *helix.Client, scopes scopeLister, who accounts, say *announcer) *roleExplainer {
	return &roleExplainer{tw: tw, scopes: scopes, who: who, say: say, refusals: make(chan struct{}, 1), said: map[string]bool{}}
}

// notice takes a state of a session. It does not block.
func (r *roleExplainer) notice(s eventsub.State) {
	if s.Phase != eventsub.Incomplete {
		return
	}
	select {
	case r.refusals <- struct{}{}:
	default: // explained together with the one before
	}
}

// run explains the refusals among the results, until ctx ends.
func (r *roleExplainer) run(ctx context.Context, results func() []eventsub.Result) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-r.refusals:
		}
		for _, result := range results() {
			if text := r.explain(ctx, result); text != "" && !r.said[text] {
				r.said[text] = true
				r.say.warn(ctx, text)
			}
		}
	}
}

// explain returns a sentence about one result, or "" if the role has nothing to do with it.
func (r *roleExplainer) explain(ctx context.Context, result eventsub.Result) string {
	refusal, refused := errors.AsType[*helix.Error](result.Err)
	moderator := result.Condition.Fields()["moderator_user_id"]
	if !refused || refusal.Status != http.StatusForbidden || moderator == "" || moderator == r.who.broadcaster.ID {
		return ""
	}
	name := result.Condition.Type().Name
	role, err := LookUpRole(ctx, r.tw, r.scopes, r.who.bot.ID, r.who.broadcaster.ID)
	bot, channel := r.who.bot.Login, r.who.broadcaster.Login
	switch {
	case err == nil && role == RoleNone:
		return name + " is not heard: " + NotModerator(bot, channel)
	case err == nil && role == RoleModerator:
		return fmt.Sprintf("%s is not heard, although %s is a moderator of %s: it may be banned or timed out there, or a scope was taken back; log in again", name, bot, channel)
	}
	return fmt.Sprintf("%s is not heard: Twitch wants %s to be a moderator of %s, to have granted the scope, and not to be banned there; if it is no moderator, %s types in chat: /mod %s",
		name, bot, channel, channel, bot)
}
