package chat

import "strings"

// Roles is a set of roles that a user has in a channel: Moderator | Subscriber.
type Roles uint16

// The roles, strongest first.
const (
	Broadcaster   Roles = 1 << iota // the channel is theirs
	Staff                           // works for Twitch
	Admin                           // administrator of Twitch
	LeadModerator                   // always together with Moderator
	Moderator
	VIP
	Founder // one of the first subscribers; always together with Subscriber
	Subscriber

	AllRoles Roles = 1<<iota - 1 // every role
)

// roles holds the name of each role, which is also the set of the badge that shows
// it, and the roles that the badge gives.
var roles = []struct {
	name  string
	role  Roles
	gives Roles
}{
	{"broadcaster", Broadcaster, Broadcaster},
	{"staff", Staff, Staff},
	{"admin", Admin, Admin},
	{"lead_moderator", LeadModerator, LeadModerator | Moderator},
	{"moderator", Moderator, Moderator},
	{"vip", VIP, VIP},
	{"founder", Founder, Founder | Subscriber},
	{"subscriber", Subscriber, Subscriber},
}

// RolesOf returns the roles of the user chatterID in the channel of broadcasterID,
// decided by their badges there. The broadcaster is also known by the id. Names
// decide nothing: a user can choose a name that looks like another user's.
func RolesOf(chatterID, broadcasterID string, badges []Badge) Roles {
	var set Roles
	if chatterID != "" && chatterID == broadcasterID {
		set |= Broadcaster
	}
	for _, b := range badges {
		for _, r := range roles {
			if b.Set == r.name {
				set |= r.gives
			}
		}
	}
	return set
}

// Names returns the names of the roles in the set, strongest first:
// "broadcaster", "staff", "admin", "lead_moderator", "moderator", "vip", "founder",
// "subscriber".
func (r Roles) Names() []string {
	var names []string
	for _, known := range roles {
		if r&known.role != 0 {
			names = append(names, known.name)
		}
	}
	return names
}

// String returns the names joined with commas.
func (r Roles) String() string { return strings.Join(r.Names(), ",") }

// ParseRole returns the role with the name. ok is false if there is none.
func ParseRole(name string) (role Roles, ok bool) {
	for _, known := range roles {
		if known.name == name {
			return known.role, true
		}
	}
	return 0, false
}
