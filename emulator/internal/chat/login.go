package chat

import (
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// capabilities are what CAP knows, in the order of CAP LS.
var capabilities = []struct {
	name string
	bit  capability
}{
	{"twitch.tv/commands", capCommands},
	{"twitch.tv/membership", capMembership},
	{"twitch.tv/tags", capTags},
}

// capability answers CAP. Twitch takes it before and after the login and does
// not wait for CAP END.
func (c *client) capability(l line) {
	answer := ":" + host + " CAP * "
	switch strings.ToUpper(l.param(0)) {
	case "LS":
		names := make([]string, len(capabilities))
		for i, known := range capabilities {
			names[i] = known.name
		}
		c.reply(answer + "LS :" + strings.Join(names, " "))
	case "LIST":
		var names []string
		for _, known := range capabilities {
			if c.has(known.bit) {
				names = append(names, known.name)
			}
		}
		c.reply(answer + "LIST :" + strings.Join(names, " "))
	case "REQ":
		// Some clients forget the colon; then the names are several parameters.
		asked := strings.Join(l.params[1:], " ")
		caps, refused := request(capability(c.caps.Load()), asked)
		if len(refused) > 0 {
			c.reply(answer + "NAK :" + strings.Join(refused, " "))
			return
		}
		c.caps.Store(uint32(caps))
		c.reply(answer + "ACK :" + asked)
	}
}

// request adds the asked capabilities to caps, unless some are unknown: it returns those.
func request(caps capability, asked string) (all capability, refused []string) {
	for name := range strings.FieldsSeq(asked) {
		full := name
		name, off := strings.CutPrefix(name, "-")
		i := 0
		for i < len(capabilities) && capabilities[i].name != name {
			i++
		}
		switch {
		case i == len(capabilities):
			refused = append(refused, full)
		case off:
			caps &^= capabilities[i].bit
		default:
			caps |= capabilities[i].bit
		}
	}
	return caps, refused
}

// login is NICK: the login counts, the nick only says whether it is anonymous.
func (c *client) login(nick string) {
	if c.registered.Load() {
		return
	}
	asked := nick
	nick = strings.ToLower(nick)
	if !validLogin(nick) {
		c.fail("Invalid NICK")
		return
	}
	if c.refusesLogin() {
		return
	}
	if digits, ok := strings.CutPrefix(nick, "justinfan"); ok && digits != "" && strings.Trim(digits, "0123456789") == "" {
		c.anonymous = true
		c.user = world.User{Login: nick}
		c.welcome()
		return
	}
	token, ok := strings.CutPrefix(c.pass, "oauth:")
	if !ok {
		c.fail("Improperly formatted auth")
		return
	}
	grant, ok := c.server.auth(token)
	if ok {
		ok = slices.Contains(grant.Scopes, "chat:read") || slices.Contains(grant.Scopes, "chat:edit")
	}
	user, known := c.server.world.UserByID(grant.UserID)
	switch {
	case !ok || !known, c.server.strict && asked != user.Login:
		c.fail(loginFailed)
	case !c.server.mayLogin(user):
		c.fail("Login unsuccessful")
	default:
		c.pass, c.grant, c.user, c.token = "", grant, user, token
		c.welcome()
		if _, ok := c.server.auth(token); !ok { // revoked before this client was registered
			c.fail(loginFailed)
		}
	}
}

func validLogin(s string) bool {
	return s != "" && len(s) <= 25 && strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_'
	}) < 0
}

func (c *client) welcome() {
	c.registered.Store(true)
	c.pulse.Reset(pingEvery)
	login := c.user.Login
	for _, l := range []string{
		" 001 " + login + " :Welcome, GLHF!",
		" 002 " + login + " :Your host is " + host,
		" 003 " + login + " :This server is rather new",
		" 004 " + login + " :-",
		" 375 " + login + " :-",
		" 372 " + login + " :You are in a maze of twisty passages, all alike.",
		" 376 " + login + " :>",
	} {
		c.reply(":" + host + l)
	}
	if c.anonymous {
		return
	}
	var tags tagList
	tags.add("badge-info", "")
	badges := ""
	if c.user.Turbo {
		badges = "turbo/1"
	}
	tags.add("badges", badges)
	tags.add("color", c.user.Color)
	tags.add("display-name", c.user.DisplayName)
	tags.add("emote-sets", "0")
	tags.flag("turbo", c.user.Turbo)
	tags.add("user-id", c.user.ID)
	tags.add("user-type", c.user.Type)
	c.send(newMessage(tags, ":"+host+" GLOBALUSERSTATE"), capCommands)
}
