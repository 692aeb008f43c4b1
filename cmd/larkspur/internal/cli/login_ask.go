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
	who    string // login of the account that must log in; empty: any except not
	id     string // its user ID, if known
	not    string // login of the account that must not; empty: none
	words  string // tells the user which account is meant
	only   bool   // give up the scopes that were granted before
}

// defaultScopes are requested if neither a flag nor a configuration says what is needed:
// to read and write chat, over IRC and EventSub.
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
				ask.words += "\nIf the bot has an account of its own, press Ctrl-C and run the command with --account bot."
			}
		case account.Role == daemon.ChannelAccount:
			ask.words = fmt.Sprintf("Log in as %s, who owns the channel, not as the bot.", account.Login)
		case account.Login == "":
			ask.not = cfg.Twitch.Channel
			ask.words = fmt.Sprintf("Log in as the bot, with its own account, not as %s, who owns the channel.", cfg.Twitch.Channel)
		default:
			ask.words = fmt.Sprintf("Log in as %s, the bot, not as %s, who owns the channel.", account.Login, cfg.Twitch.Channel)
		}
		asks = append(asks, ask)
	}
	return asks
}

// plainAsk is the login to be made without a configuration.
func (f loginFlags) plainAsk(users []oauth.User) loginAsk {
	ask := loginAsk{who: strings.ToLower(strings.TrimPrefix(f.user, "@")), scopes: f.named(f.scopes), only: f.only}
	ask.words = "Log in as the account that the program will use: the bot's own, or that of the channel's owner."
	if ask.who != "" {
		ask.words = fmt.Sprintf("Log in as %s.", ask.who)
	}
	var known *oauth.User // the stored login that is replaced
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

// named parses scopes that are separated by commas or spaces.
func (f loginFlags) named(words []string) oauth.ScopeSet {
	return oauth.ParseScopes(strings.Join(words, ",")).Modern()
}

// accept returns an error if the wrong account has logged in.
func (ask loginAsk) accept(login string) error {
	switch {
	case ask.who != "" && !strings.EqualFold(login, ask.who):
		return fmt.Errorf("you logged in as %s, but this login is for %s; nothing was stored. Change the account on twitch.tv and try again", login, ask.who)
	case ask.not != "" && strings.EqualFold(login, ask.not):
		return fmt.Errorf("you logged in as %s, who owns the channel, but this login is for the bot's own account; nothing was stored. Change the account on twitch.tv and try again", login)
	}
	return nil
}
