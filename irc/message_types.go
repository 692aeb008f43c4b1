package irc

// An Event is a typed message: [*PrivMsg], [*UserNotice] … Any type with these
// two methods can be given to [On].
type Event interface {
	// Command is the IRC command whose messages have this type. It must not
	// depend on the value.
	Command() string
	// Decode reads the message into the receiver and overwrites all of it.
	// Strings may be substrings of the line. Invalid numbers are read as 0; only a
	// message without its essential parts, such as its channel, is an error.
	Decode(m *Message) error
}

// A Chatter is the author of a message, as described by its tags.
type Chatter struct {
	UserID      string
	Login       string
	DisplayName string // the login if Twitch sends no display name
	Color       string // "#1E90FF", "" if never chosen
	Badges      Badges
	BadgeInfo   Badges // exact months behind "subscriber" and "founder"
	UserType    string // "admin", "global_mod", "staff", "mod" or ""
	Moderator   bool   // the mod tag; false for the broadcaster
	Subscriber  bool
	VIP         bool
	Turbo       bool
}

// IsBroadcaster reports whether the chatter is the broadcaster.
func (c *Chatter) IsBroadcaster() bool { return c.Badges.Has("broadcaster") }

// CanModerate reports whether the chatter is a moderator or the broadcaster.
func (c *Chatter) CanModerate() bool {
	return c.Moderator || c.Badges.Has("broadcaster", "moderator", "lead_moderator")
}

// tag reads one tag if it is the chatter's. v still has its escapes.
func (c *Chatter) tag(k, v string) {
	switch k {
	case "user-id":
		c.UserID = v
	case "display-name":
		c.DisplayName = unescape(v)
	case "color":
		c.Color = v
	case "badges":
		c.Badges = Badges(v)
	case "badge-info":
		c.BadgeInfo = Badges(v)
	case "user-type":
		c.UserType = v
	case "mod":
		c.Moderator = v == "1"
	case "subscriber":
		c.Subscriber = v == "1"
	case "vip":
		c.VIP = v == "1"
	case "turbo":
		c.Turbo = v == "1"
	}
}

// missing is the error of a message without an essential part.
func missing(command, what string) error {
	return &ParseError{Reason: command + " without " + what, Offset: -1}
}
