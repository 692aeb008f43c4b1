package chat_test

import (
	"testing"

	"github.com/larkspur-dev/larkspur/chat"
)

func TestRolesComeFromBadgesAndIDs(t *testing.T) {
	for _, row := range []struct {
		id    string
		badge string
		want  string
	}{
		{"42", "", ""},
		{"1", "", "broadcaster"},
		{"1", "subscriber", "broadcaster,subscriber"},
		{"42", "broadcaster", "broadcaster"},
		{"42", "staff", "staff"},
		{"42", "admin", "admin"},
		{"42", "lead_moderator", "lead_moderator,moderator"},
		{"42", "moderator", "moderator"},
		{"42", "vip", "vip"},
		{"42", "founder", "founder,subscriber"},
		{"42", "subscriber", "subscriber"},
		{"42", "Moderator", ""},
		{"42", "bits-leader", ""},
	} {
		roles := chat.RolesOf(row.id, "1", []chat.Badge{{Set: "premium", Version: "1"}, {Set: row.badge, Version: "1"}})
		if got := roles.String(); got != row.want {
			t.Errorf("user %s with badge %q: got %q, want %q", row.id, row.badge, got, row.want)
		}
	}
	if got := chat.RolesOf("", "", nil); got != 0 {
		t.Errorf("no ids: got %v, want no roles", got)
	}
}

func TestNamesGiveNoRoles(t *testing.T) {
	c := chat.Chatter{User: chat.User{ID: "42", Login: "ada", Name: "broadcaster"}}
	c.Roles = chat.RolesOf(c.ID, "1", c.Badges)
	if c.IsBroadcaster() || c.CanModerate() || c.IsVIP() || c.IsSubscriber() {
		t.Errorf("got the roles %v, want none", c.Roles)
	}
}

func TestRoleNamesAreParsed(t *testing.T) {
	if got, want := chat.AllRoles.String(), "broadcaster,staff,admin,lead_moderator,moderator,vip,founder,subscriber"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, name := range chat.AllRoles.Names() {
		if role, ok := chat.ParseRole(name); !ok || role.String() != name {
			t.Errorf("%s: got %v, %t", name, role, ok)
		}
	}
	if role, ok := chat.ParseRole("everyone"); ok {
		t.Errorf("got the role %v, want none", role)
	}
}

func TestTierOfASubscription(t *testing.T) {
	for _, row := range []struct {
		badge        chat.Badge
		tier, months int
	}{
		{chat.Badge{}, 0, 0},
		{chat.Badge{Set: "subscriber", Version: "0", Info: "1"}, 1, 1},
		{chat.Badge{Set: "subscriber", Version: "12", Info: "14"}, 1, 14},
		{chat.Badge{Set: "subscriber", Version: "2012", Info: "14"}, 2, 14},
		{chat.Badge{Set: "subscriber", Version: "3000", Info: "2"}, 3, 2},
		{chat.Badge{Set: "subscriber", Version: "99999"}, 3, 0},
		{chat.Badge{Set: "subscriber", Version: "x"}, 1, 0},
		{chat.Badge{Set: "founder", Version: "0", Info: "30"}, 1, 30},
	} {
		c := chat.Chatter{Badges: []chat.Badge{row.badge}, Roles: chat.RolesOf("42", "1", []chat.Badge{row.badge})}
		if tier, months := c.SubTier(), c.SubMonths(); tier != row.tier || months != row.months {
			t.Errorf("%v: got tier %d and %d months, want %d and %d", row.badge, tier, months, row.tier, row.months)
		}
	}
}

func TestMentionUsesTheLoginWhereThereIsNoName(t *testing.T) {
	if got := (chat.User{Login: "grace"}).Mention(); got != "@grace" {
		t.Errorf("got %s, want @grace", got)
	}
}
