package cli

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// role checks whether the bot is a moderator, if the configuration needs that. If no
// account may look it up, it says how to make sure.
func (a *app) role(ctx context.Context, d *diagnosis, tokens *oauth.Manager, accounts []daemon.Account) {
	needs := a.cfg.ModeratorNeeds()
	bot := accounts[0]
	if len(needs) == 0 || bot.Both || bot.Stored == nil || bot.Stored.Problem != "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	tw := helix.New(a.id, tokens, helix.Options{BaseURL: a.addresses.Helix})
	login, channel, what := bot.Stored.Login, a.cfg.Twitch.Channel, strings.Join(needs, ", ")
	broadcaster, err := tw.Users.ByLogin(ctx, channel)
	if err != nil {
		return // reported with the channel
	}
	mod := remedy{Command: "/mod " + login, Where: "in the chat of " + channel + ", as " + channel}
	switch role, err := daemon.LookUpRole(ctx, tw, tokens, bot.Stored.ID, broadcaster.ID); {
	case err != nil:
		d.add(finding{markWarning, "moderator", fmt.Sprintf("whether %s is a moderator of %s could not be looked up: %v", login, channel, err)})
	case role == daemon.RoleModerator:
		d.add(finding{markOK, "moderator", fmt.Sprintf("%s is a moderator of %s", login, channel)})
	case role == daemon.RoleNone:
		d.add(finding{markMissing, "moderator", fmt.Sprintf("%s is not a moderator of %s, which is needed for: %s", login, channel, what)})
		d.Todo = append(d.Todo, mod)
	default:
		d.add(finding{markWarning, "moderator", fmt.Sprintf("%s must be a moderator of %s for: %s; no account has granted user:read:moderated_channels, so this was not checked", login, channel, what)})
		d.Todo = append(d.Todo, mod)
	}
}

// relays tests the addresses that messages are sent to, without sending any.
func (a *app) relays(ctx context.Context, d *diagnosis) {
	findings := make([]finding, len(a.cfg.Relays))
	var wg sync.WaitGroup
	for i, c := range a.cfg.Relays {
		wg.Go(func() { findings[i] = probe(ctx, c) })
	}
	wg.Wait()
	d.add(findings...)
}

func probe(ctx context.Context, c daemon.RelayConfig) finding {
	what := "relay " + c.Name
	r, err := relay.New(c.Name, string(c.URL), relay.Options{AllowPrivate: c.AllowPrivate}) //nolint:contextcheck // making a relay sends nothing
	if err != nil {
		return finding{markWrong, what, err.Error()}
	}
	defer r.Close()
	tested, err := r.Probe(ctx)
	if err != nil {
		return finding{markWrong, what, strings.TrimPrefix(err.Error(), what+": ")}
	}
	return finding{markOK, what, tested}
}
