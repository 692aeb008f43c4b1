package daemon

import (
	"context"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/internal/retry"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/oauth"
)

// The scopes for reading chat, one for each source.
var (
	readIRC      = helix.Scopes{{oauth.ScopeChatRead}}
	readEventSub = helix.Scopes{{oauth.ScopeUserReadChat}}
)

// An ircReader runs the connection to IRC. If the bot's account has granted the scope of
// EventSub's chat only, there is none until it has granted IRC's too.
type ircReader struct {
	client  *irc.Client
	who     accounts
	granted granter
	say     *announcer
}

// run returns when ctx ends or the client cannot go on.
func (r *ircReader) run(ctx context.Context) error {
	for told := false; r.onlyEventSub(ctx); told = true {
		if !told {
			r.say.note(ctx, "chat is read with EventSub only, because "+r.who.bot.Login+" has not granted "+oauth.ScopeChatRead+
				"; first messages of chatters, joins and parts are not known")
			r.say.ready(&r.say.chatUp)
		}
		if err := retry.Sleep(ctx, lookEvery); err != nil {
			return err
		}
	}
	return r.client.Run(ctx)
}

func (r *ircReader) onlyEventSub(ctx context.Context) bool {
	return grants(ctx, r.granted, r.who.bot, readEventSub) && !grants(ctx, r.granted, r.who.bot, readIRC)
}
