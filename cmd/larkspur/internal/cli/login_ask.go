package cli

import (
	"fmt"
	"strings"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A loginAsk is one login to be made.
type loginAsk struct {
	scopes oauth.ScopeSet
	who    string // login of who must log in; empty: anybody but not
	id     string // their id, where it is known
	not    string // login of who must not; empty: nobody
	words  string // which account is meant, for people
	only   bool   // what was granted before is given up
}

// defaultScopes are asked for where nothing says what is needed: to read and to
// write chat, over IRC and otherwise.
func defaultScopes() oauth.ScopeSet {
	return oauth.SmallestScopes(oauth.ChatNeeds(oauth.ChatReadIRC, oauth.ChatWriteIRC, oauth.ChatReadEvent, oauth.ChatWriteAPI))
}

func (f loginFlags) asks(cfg *daemon.Config, users []oauth.User) []loginAsk {
	if cfg == nil {
		return []loginAsk{f.plainAsk(users)}
	}
	var asks []loginAsk
	for _, account := range cfg.Accounts(users, f.account == daemon.BotAccount) {
		wanted := account.Role == f.account || f.account == "" && (!account.Ready() || len(f.scopes)+len(f.add) > 0 || f.nothing)
		if !wanted {
			continue
		}
		ask := loginAsk{scopes: account.Scopes, who: account.Login, only: f.only}
		if len(f.scopes) > 0 || f.nothing {
			ask.scopes = f.named(f.scopes)
		}
		if u := account.Stored; u != nil {
			ask.id = u.ID
			if !f.only && u.Problem == "" {
				ask.scopes = ask.scopes.Union(u.Scopes)
			}
		}
		ask.scopes = ask.scopes.Union(f.named(f.add))
		switch {
		case account.Both:
			ask.words = fmt.Sprintf("Log in as %s, who owns the channel and is the bot too.", account.Login)
			if account.Stored == nil {
				ask.words += "\nIf the bot has an account of its own, stop here and begin with --account bot."
			}
		case account.Role == daemon.ChannelAccount:
			ask.words = fmt.Sprintf("Log in as %s, who owns the channel: not as the bot.", account.Login)
		case account.Login == "":
			ask.not = cfg.Twitch.Channel
			ask.words = fmt.Sprintf("Log in as the bot, with its own account: not as %s, who owns the channel.", cfg.Twitch.Channel)
		default:
			ask.words = fmt.Sprintf("Log in as %s, the bot: not as %s, who owns the channel.", account.Login, cfg.Twitch.Channel)
		}
		asks = append(asks, ask)
	}
	return asks
}

// plainAsk is what to ask for without a configuration.
func (f loginFlags) plainAsk(users []oauth.User) loginAsk {
	ask := loginAsk{who: strings.ToLower(strings.TrimPrefix(f.user, "@")), scopes: f.named(f.scopes), only: f.only}
	ask.words = "Log in as the account that the program is to use: the bot's own, or that of the channel's owner."
	if ask.who != "" {
		ask.words = fmt.Sprintf("Log in as %s.", ask.who)
	}
	var known *oauth.User // whose login is renewed
	for i, u := range users {
		if strings.EqualFold(u.Login, ask.who) || ask.who == "" && len(users) == 1 && len(f.add) > 0 {
			known = &users[i]
		}
	}
	if known != nil && ask.who != "" {
		ask.id = known.ID
	}
	if known != nil && !f.only {
		ask.scopes = ask.scopes.Union(known.Scopes)
	}
	ask.scopes = ask.scopes.Union(f.named(f.add))
	if len(ask.scopes) == 0 && !f.nothing {
		ask.scopes = defaultScopes()
	}
	return ask
}

// named reads scopes as people separate them: by commas or spaces.
func (f loginFlags) named(words []string) oauth.ScopeSet {
	return oauth.ParseScopes(strings.Join(words, ",")).Modern()
}

// accept reports whether the right account has logged in.
func (ask loginAsk) accept(login string) error {
	switch {
	case ask.who != "" && !strings.EqualFold(login, ask.who):
		return fmt.Errorf("you logged in as %s, but %s was asked for; nothing was kept. Change the account on twitch.tv and try again", login, ask.who)
	case ask.not != "" && strings.EqualFold(login, ask.not):
		return fmt.Errorf("you logged in as %s, who owns the channel, but the bot's own account was asked for; nothing was kept. Change the account on twitch.tv and try again", login)
	}
	return nil
}
