package eventsub

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func keysOf(conditions []Condition) []string {
	var keys []string
	for _, c := range conditions {
		keys = append(keys, newTarget(c).key)
	}
	return keys
}

func TestConditionsAreDerivedFromHandlers(t *testing.T) {
	m := NewMux()
	On(m, func(context.Context, *ChannelFollow) error { return nil })
	On(m, func(context.Context, *ChannelFollow) error { return nil })
	On(m, func(context.Context, *ChannelChatMessage) error { return nil })
	On(m, func(context.Context, *ChannelRaid) error { return nil })
	On(m, func(context.Context, *ChannelModerate) error { return nil })
	On(m, func(context.Context, *ChannelModerateV1) error { return nil })
	On(m, func(context.Context, *ChannelPointsCustomRewardRedemptionAdd) error { return nil })
	On(m, func(context.Context, *UserAuthorizationRevoke) error { return nil })
	On(m, func(context.Context, *ExtensionBitsTransactionCreate) error { return nil })
	On(m, func(context.Context, *Gap) error { return nil })
	On(m, func(context.Context, *note) error { return nil })
	m.OnAny(func(context.Context, Notification) error { return nil })
	off := On(m, func(context.Context, *StreamOnline) error { return nil })
	off()

	got, err := m.Conditions(Own{BroadcasterID: "1", UserID: "2", ClientID: "c"})
	if err != nil {
		t.Fatalf("got %v, want none", err)
	}
	want := []string{
		"channel.channel_points_custom_reward_redemption.add v1 broadcaster_user_id=1",
		"channel.chat.message v1 broadcaster_user_id=1 user_id=2",
		"channel.follow v2 broadcaster_user_id=1 moderator_user_id=2",
		"channel.moderate v1 broadcaster_user_id=1 moderator_user_id=2",
		"channel.moderate v2 broadcaster_user_id=1 moderator_user_id=2",
		"channel.raid v1 to_broadcaster_user_id=1",
		"extension.bits_transaction.create v1 extension_client_id=c",
		"user.authorization.revoke v1 client_id=c",
	}
	if diff := cmp.Diff(want, keysOf(got)); diff != "" {
		t.Errorf("conditions (-want +got):\n%s", diff)
	}
	if unsubscribed, unhandled := m.Missing(got...); len(unsubscribed)+len(unhandled) != 0 {
		t.Errorf("got %v and %v missing, want none", unsubscribed, unhandled)
	}
}

func TestConditionsOfOneAccount(t *testing.T) {
	m := NewMux()
	On(m, func(context.Context, *ChannelFollow) error { return nil })
	got, err := m.Conditions(Own{BroadcasterID: "1"})
	if err != nil || !slices.Equal(keysOf(got), []string{"channel.follow v2 broadcaster_user_id=1 moderator_user_id=1"}) {
		t.Errorf("got %v and %v, want the channel as its own moderator", keysOf(got), err)
	}
}

func TestConditionsNameWhatCannotBeDerived(t *testing.T) {
	m := NewMux()
	On(m, func(context.Context, *StreamOnline) error { return nil })
	On(m, func(context.Context, *UserAuthorizationGrant) error { return nil })
	On(m, func(context.Context, *DropEntitlementGrant) error { return nil })
	m.add(Type{Name: "channel.folow", Version: "2"}, &route{})
	got, err := m.Conditions(Own{BroadcasterID: "1"})
	if !slices.Equal(keysOf(got), []string{"stream.online v1 broadcaster_user_id=1"}) {
		t.Errorf("got %v, want the conditions that can be derived", keysOf(got))
	}
	want := []string{
		"eventsub: channel.folow v2: unknown event type; did you mean channel.follow?",
		"eventsub: drop.entitlement.grant v1 cannot be subscribed to: the condition lacks organization_id",
		"eventsub: user.authorization.grant v1 cannot be subscribed to: the condition lacks client_id",
	}
	if err == nil {
		t.Fatal("got no error, want one")
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

// Only the types that need the id of an organization have no derived condition.
func TestEveryTypeHasDerivedConditions(t *testing.T) {
	own := Own{BroadcasterID: "1", UserID: "2", ClientID: "c"}
	for _, info := range Types() {
		_, err := NewCondition(info.Type, own.fill(info))
		if needs := info.Type.Name == "drop.entitlement.grant"; (err != nil) != needs {
			t.Errorf("%s: got %v, want an error: %t", info.Type, err, needs)
		}
	}
}

func TestOwnFields(t *testing.T) {
	own := Own{BroadcasterID: "1", UserID: "2", ClientID: "c"}
	for _, c := range []struct {
		kind Type
		want map[string]string
	}{
		{Type{"channel.follow", "2"}, map[string]string{"broadcaster_user_id": "1", "moderator_user_id": "2"}},
		{Type{"channel.raid", "1"}, map[string]string{"to_broadcaster_user_id": "1"}},
		{Type{"conduit.shard.disabled", "1"}, map[string]string{"client_id": "c"}},
		{Type{"drop.entitlement.grant", "1"}, map[string]string{}},
		{Type{"channel.follow", "9"}, nil},
	} {
		if got := own.Fields(c.kind); !maps.Equal(got, c.want) || (got == nil) != (c.want == nil) {
			t.Errorf("%s: got %v, want %v", c.kind, got, c.want)
		}
	}
}
