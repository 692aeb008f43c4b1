package project

import (
	"cmp"
	"strconv"
	"strings"
)

// goMod returns go.mod.
func (o Options) goMod(require []string) []byte {
	var b strings.Builder
	b.WriteString("module " + o.Module + "\n\ngo 1.26.0\n\nrequire github.com/larkspur-dev/larkspur " + cmp.Or(o.Version, "v0.0.0") + "\n")
	if len(require) > 0 {
		b.WriteString("\nrequire (\n\t" + strings.Join(require, "\n\t") + "\n)\n")
	}
	if o.Source != "" {
		b.WriteString("\nreplace github.com/larkspur-dev/larkspur => " + o.Source + "\n")
	}
	return []byte(b.String())
}

// values returns the placeholders of the templates and what stands for each.
func (o Options) values() []string {
	channel := cmp.Or(o.Channel, "ada")
	all := map[string]string{
		"name": o.Name, "prefix": o.Prefix, "prefix quoted": strconv.Quote(o.Prefix),
		"channel": channel, "channel quoted": strconv.Quote(channel), "channel option": "",
		"bot variable": "", "redirect": "", "export bot": "", "docker flags": "-it ", "tidy": "", "container": "",
		"first start": "The first start shows an address and a code. Log in there with the account of the bot; the login is kept in `data/`.",
	}
	owner := "ada"
	if o.Channel != "" {
		all["channel option"], owner = "Channel: "+strconv.Quote(o.Channel)+",", "robin"
	}
	all["logins"] = "\tlogin(t, tw, app.Tokens, " + strconv.Quote(owner) + ", app.Scopes())"
	if o.Several {
		all["bot variable"] = `"TWITCH_BOT": "robin",`
		all["logins"] = "\tlogin(t, tw, app.Tokens, \"robin\", app.BotScopes())\n\tlogin(t, tw, app.Tokens, " + strconv.Quote(channel) + ", app.Scopes())"
		all["redirect"] = " with the redirect URL `http://localhost:4343/oauth/callback`"
		all["export bot"] = "export TWITCH_BOT=…   # login of the account that answers\n"
		all["docker flags"] = "-e TWITCH_BOT -p 4343:4343 "
		all["first start"] = "The bot shows two addresses: at the first one its own account logs in, at the second one streamers add their channels, also while it runs."
	}
	if o.Source == "" {
		all["tidy"] = "go mod tidy\n"
	} else {
		all["container"] = "`go.mod` replaces Larkspur by a directory of this machine, so a container cannot build it yet: require a published version first.\n\n"
	}
	var pairs []string
	for name, value := range all {
		pairs = append(pairs, "[["+name+"]]", value)
	}
	return pairs
}
