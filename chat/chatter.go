package chat

import (
	"slices"
	"strconv"
)

// A User is an account of Twitch.
type User struct {
	ID    string
	Login string // lower case, as in the address of the channel
	Name  string // display name
}

// Mention returns the name with "@" in front, which notifies the user.
func (u User) Mention() string {
	if u.Name == "" {
		return "@" + u.Login
	}
	return "@" + u.Name
}

// A Chatter is a user in the chat of one channel, with their badges and roles in that
// channel.
type Chatter struct {
	User
	Color  string  // "#1E90FF"; "" if never chosen
	Badges []Badge // in the order in which Twitch shows them
	Roles  Roles   // decided by [RolesOf]; no role if not set
}

// A Badge is a picture beside the name of a chatter: {"subscriber", "12", "14"}.
type Badge struct {
	Set     string // its meaning: "moderator", "subscriber", "bits" …
	Version string // which picture of the set
	Info    string // exact number of months, for "subscriber" and "founder"
}

// Badge returns the chatter's badge of a set. ok is false if there is none.
func (c *Chatter) Badge(set string) (b Badge, ok bool) {
	i := slices.IndexFunc(c.Badges, func(b Badge) bool { return b.Set == set })
	if i < 0 {
		return Badge{}, false
	}
	return c.Badges[i], true
}

// Is reports whether the chatter has at least one of the roles:
// c.Is(chat.VIP | chat.Subscriber).
func (c *Chatter) Is(any Roles) bool { return c.Roles&any != 0 }

// IsBroadcaster reports whether the channel is the chatter's own.
func (c *Chatter) IsBroadcaster() bool { return c.Is(Broadcaster) }

// CanModerate reports whether the chatter is a moderator or the broadcaster.
func (c *Chatter) CanModerate() bool { return c.Is(Moderator | Broadcaster) }

// IsVIP reports whether the chatter is a VIP.
func (c *Chatter) IsVIP() bool { return c.Is(VIP) }

// IsSubscriber reports whether the chatter subscribes to the channel.
func (c *Chatter) IsSubscriber() bool { return c.Is(Subscriber) }

// SubTier returns the tier of the chatter's subscription: 1, 2 or 3, and 0 if there
// is none. It is read from the subscriber badge, whose version begins at 2000 for
// tier 2 and at 3000 for tier 3. A founder's badge does not tell the tier, which is
// 1 then.
func (c *Chatter) SubTier() int {
	if !c.IsSubscriber() {
		return 0
	}
	b, _ := c.Badge("subscriber")
	version, _ := strconv.Atoi(b.Version)
	return max(1, min(version/1000, 3))
}

// SubMonths returns for how many months the chatter subscribed in all; 0 if Twitch
// did not tell.
func (c *Chatter) SubMonths() int {
	for _, set := range []string{"subscriber", "founder"} {
		b, _ := c.Badge(set)
		if months, err := strconv.Atoi(b.Info); err == nil && months > 0 {
			return months
		}
	}
	return 0
}
