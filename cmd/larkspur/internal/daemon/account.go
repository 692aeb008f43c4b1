package daemon

import (
	"slices"
	"strconv"
	"strings"

	"github.com/larkspur-dev/larkspur/oauth"
)

// The accounts that a bot works with, as people name them.
const (
	BotAccount     = "bot"     // talks and moderates
	ChannelAccount = "channel" // owns the channel
)

// An Account is one that a configuration needs, with what it has granted.
type Account struct {
	Role    string         // BotAccount or ChannelAccount
	Both    bool           // it owns the channel and is the bot too
	Login   string         // the account that must log in; empty: any account except the channel owner's
	Scopes  oauth.ScopeSet // the scopes that a new login asks for
	Granted oauth.ScopeSet // of those that serve a need, the ones that it has granted
	Stored  *oauth.User    // the stored login; nil: there is none
	Missing []oauth.Need   // what it cannot do
}

// Ready reports whether the account's login is stored and covers what is needed.
func (a Account) Ready() bool {
	return a.Stored != nil && a.Stored.Problem == "" && len(a.Missing) == 0
}

// Lacks returns the scopes that are still to be granted.
func (a Account) Lacks() oauth.ScopeSet { return oauth.SmallestScopes(a.Missing) }

// Accounts returns the accounts that the configuration needs, the bot's first, and
// compares what they need with the logins that are stored. The bot has an account of
// its own where the configuration says so, where an account other than the channel
// owner has logged in, also if Twitch no longer accepts that login, or where ownBot is set.
func (c *Config) Accounts(users []oauth.User, ownBot bool) []Account {
	t := c.Twitch
	owner := stored(users, func(u oauth.User) bool { return strings.EqualFold(u.Login, t.Channel) })
	other := func(u oauth.User) bool {
		return !strings.EqualFold(u.Login, t.Channel) && (t.BotName == "" || strings.EqualFold(u.Login, t.BotName))
	}
	own := ownBot || namesBot(t) || t.BotCode != "" || stored(users, other) != nil
	if !own {
		return []Account{newAccount(c, Account{Role: ChannelAccount, Both: true, Login: t.Channel, Stored: owner}, nil)}
	}
	bot := Account{Role: BotAccount, Stored: stored(users, other)}
	if namesBot(t) {
		bot.Login = t.BotName
	} else if bot.Stored != nil {
		bot.Login = bot.Stored.Login
	}
	accounts := []Account{newAccount(c, bot, owner, botRoles...)}
	channel := newAccount(c, Account{Role: ChannelAccount, Login: t.Channel, Stored: owner}, nil, oauth.RoleBroadcaster)
	if len(channel.Scopes) > 0 {
		accounts = append(accounts, channel)
	}
	return accounts
}

// namesBot reports whether the configuration names an account of the bot's own.
func namesBot(t Twitch) bool {
	return t.BotName != "" && !strings.EqualFold(t.BotName, t.Channel)
}

// newAccount completes a. A scope that the moderator of an event must grant may have
// been granted by owner instead.
func newAccount(c *Config, a Account, owner *oauth.User, roles ...oauth.Role) Account {
	needs := c.Needs()
	a.Scopes = oauth.SmallestScopes(c.asks(), roles...)
	var granted oauth.ScopeSet
	if a.Stored != nil {
		granted = a.Stored.Scopes
	}
	a.Missing = oauth.MissingNeeds(needs, granted, roles...)
	for _, n := range oauth.MissingNeeds(needs, nil, roles...) {
		for _, group := range n.Scopes {
			a.Granted = a.Granted.Union(oauth.NewScopeSet(slices.DeleteFunc(slices.Clone(group), func(s oauth.Scope) bool { return !granted.Modern().Contains(s) })...))
		}
	}
	if owner != nil && owner.Problem == "" {
		a.Missing = slices.DeleteFunc(a.Missing, func(n oauth.Need) bool {
			return n.By == oauth.RoleModerator && len(oauth.MissingNeeds([]oauth.Need{n}, owner.Scopes)) == 0
		})
	}
	return a
}

// stored returns the user that want names, a usable one before others.
func stored(users []oauth.User, want func(oauth.User) bool) *oauth.User {
	if u := usable(users, want); u != nil {
		return u
	}
	if i := slices.IndexFunc(users, want); i >= 0 {
		return &users[i]
	}
	return nil
}

// LoginCommand returns the command that logs in the missing accounts; account is
// [BotAccount], [ChannelAccount], or empty for all.
func (c *Config) LoginCommand(account string) string {
	command := "larkspur login --config " + Quote(c.File)
	if account != "" {
		command += " --account " + account
	}
	return command
}

// Quote quotes a word so that a shell reads it as one word.
func Quote(word string) string {
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool {
		return !strings.ContainsRune("/\\._-:+=,@%", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) {
		return word
	}
	return strconv.Quote(word)
}
