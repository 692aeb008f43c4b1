package payload_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/payload"
	"github.com/larkspur-dev/larkspur/eventsub"
)

var people = payload.People{
	Channel: payload.Person{ID: "1", Login: "ada", Name: "Ada"}, User: payload.Person{ID: "3", Login: "grace", Name: "Grace"},
	Moderator: payload.Person{ID: "2", Login: "mod", Name: "Mod"}, Other: payload.Person{ID: "4", Login: "bob", Name: "Bob"},
	ClientID: "client",
}

func plausible(t *testing.T, of eventsub.Type, seed uint64, set ...string) (*payload.Object, []byte) {
	t.Helper()
	schema, ok := payload.Lookup(of)
	if !ok {
		t.Fatalf("%v has no schema", of)
	}
	var assigned []payload.Assignment
	for _, text := range set {
		a, err := payload.ParseAssignment(text)
		if err != nil {
			t.Fatal(err)
		}
		assigned = append(assigned, a)
	}
	event, err := schema.Plausible(people, assigned, seed)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	return event, raw
}

// Every type has an event that is complete, has only what Twitch lists, and survives the client.
func TestPlausibleEventsAreComplete(t *testing.T) {
	for _, info := range eventsub.Types() {
		schema, _ := payload.Lookup(info.Type)
		event, raw := plausible(t, info.Type, 1)
		value := decoded(t, raw)
		conforms(t, info.Type.String(), schema.Fields, value)
		contains(t, info.Type.String(), decoded(t, throughClient(t, info.Type, raw)), value)
		for name, value := range schema.Keys(event, "client") {
			if value == "" || name == "moderator_user_id" {
				t.Errorf("%v: got key %s=%q", info.Type, name, value)
			}
		}
	}
}

// conforms checks an object against the fields that it must have.
func conforms(t *testing.T, at string, fields []*payload.Field, value any) {
	t.Helper()
	o, ok := value.(map[string]any)
	if !ok {
		t.Errorf("%s: got %v, want an object", at, value)
		return
	}
	for _, f := range fields {
		at := at + "." + f.Name
		v, there := o[f.Name]
		delete(o, f.Name)
		switch {
		case !there && f.Optional:
		case v == nil && (!there || !f.Nullable):
			t.Errorf("%s: got %v, want a value", at, v)
		case v == nil:
		case f.List:
			list, ok := v.([]any)
			if !ok {
				t.Errorf("%s: got %v, want a list", at, v)
			}
			for _, element := range list {
				conformsValue(t, at, f, element)
			}
		default:
			conformsValue(t, at, f, v)
		}
	}
	for name := range o {
		t.Errorf("%s.%s is not in the schema", at, name)
	}
}

func conformsValue(t *testing.T, at string, f *payload.Field, v any) {
	t.Helper()
	switch f.Kind {
	case "object":
		conforms(t, at, f.Fields, v)
	case "boolean":
		if _, ok := v.(bool); !ok {
			t.Errorf("%s: got %v, want a boolean", at, v)
		}
	case "integer":
		if n, ok := v.(float64); !ok || (f.Ranged && (int(n) < f.Min || int(n) > f.Max)) {
			t.Errorf("%s: got %v, want a number from %d to %d", at, v, f.Min, f.Max)
		}
	case "time":
		text, _ := v.(string)
		if _, err := time.Parse(time.RFC3339Nano, text); err != nil {
			t.Errorf("%s: got %v, want a time", at, v)
		}
	default:
		text, ok := v.(string)
		if !ok || text == "" || (len(f.Values) > 0 && !slices.Contains(f.Values, text)) {
			t.Errorf("%s: got %v, want text out of %v", at, v, f.Values)
		}
	}
}

func TestAssignments(t *testing.T) {
	for _, row := range []struct {
		of   eventsub.Type
		set  []string
		want string
	}{
		{eventsub.ChannelFollow{}.Type(), []string{"event.user_name=Hedy", "user_id=9"}, `"user_id":"9","user_login":"grace","user_name":"Hedy"`},
		{eventsub.ChannelPollBegin{}.Type(), []string{"event.choices[1].title=Caro-Kann"}, `"title":"Caro-Kann"`},
		{eventsub.ChannelPollBegin{}.Type(), []string{"event.choices.2.title=French"}, `"title":"French"`}, // one more
		{eventsub.ChannelCheer{}.Type(), []string{"bits=7", "is_anonymous=true", "user_id=null"}, `"is_anonymous":true,"user_id":null`},
		{eventsub.ChannelChatMessage{}.Type(), []string{"event.message.text=!hello"}, `"text":"!hello","fragments":[{"type":"text","text":"!hello"`},
		{eventsub.ChannelChatMessage{}.Type(), []string{"event.reply.parent_message_body=before"}, `"parent_message_body":"before"`},
		{eventsub.ChannelChatNotification{}.Type(), []string{"event.notice_type=raid"}, `"raid":{"user_id":"3","user_name":"Grace"`},
		{eventsub.ChannelModerate{}.Type(), []string{"action=timeout"}, `"timeout":{"user_id":"3"`},
		{eventsub.ChannelModerate{}.Type(), []string{"action=add_blocked_term"}, `"automod_terms":{"action":"add"`},
		{eventsub.AutoModTermsUpdate{}.Type(), []string{`terms=["a","b"]`, "terms[1]=c"}, `"terms":["a","c"]`},
		{eventsub.ChannelPredictionEnd{}.Type(), nil, `"winning_outcome_id":"12434560","outcomes":[{"id":"12434560"`},
		{eventsub.ChannelModerate{}.Type(), []string{"action=unraid"}, `"ban":null`},
	} {
		if _, raw := plausible(t, row.of, 1, row.set...); !strings.Contains(string(raw), strings.ReplaceAll(row.want, "12434560", "12434560")) {
			t.Errorf("%v %v: got %s, want %s", row.of, row.set, raw, row.want)
		}
	}
}

func TestAssignmentErrors(t *testing.T) {
	for _, row := range []struct {
		of        eventsub.Type
		set, want string
	}{
		{eventsub.ChannelFollow{}.Type(), "event.user_nam=Hedy", "event.user_nam does not exist; did you mean event.user_name?"},
		{eventsub.ChannelFollow{}.Type(), "event.colour=red", "event.colour does not exist; event has broadcaster_user_id, "},
		{eventsub.ChannelCheer{}.Type(), "bits=many", "event.bits=many: want a whole number"},
		{eventsub.ChannelCheer{}.Type(), "is_anonymous=perhaps", "want true or false"},
		{eventsub.ChannelCheer{}.Type(), "bits=null", "event.bits cannot be null"},
		{eventsub.ChannelCheer{}.Type(), "bits.value=1", "event.bits has no fields"},
		{eventsub.ChannelPollBegin{}.Type(), "choices[5].title=x", "event.choices is a list with 2 elements: want an index from 0 to 2"},
		{eventsub.ChannelPollBegin{}.Type(), "choices.first.title=x", "want an index from 0 to 2"},
		{eventsub.ChannelPollBegin{}.Type(), "choices[0].titel=x", "event.choices[0].titel does not exist; did you mean event.choices[0].title?"},
		{eventsub.ChannelPollBegin{}.Type(), "choices=x", "event.choices is a list of objects: set their fields, such as event.choices[0].id"},
		{eventsub.ChannelPollBegin{}.Type(), "choices[0]=x", "event.choices[0] is an object"},
		{eventsub.ChannelPollBegin{}.Type(), "bits_voting=1", "event.bits_voting is an object: set its fields, such as event.bits_voting.is_enabled"},
		{eventsub.AutoModTermsUpdate{}.Type(), "terms=a", "event.terms is a list: set an element, such as event.terms[0]"},
		{eventsub.AutoModTermsUpdate{}.Type(), "terms[0].x=a", "event.terms[0] has no fields"},
	} {
		schema, _ := payload.Lookup(row.of)
		a, err := payload.ParseAssignment(row.set)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = schema.Plausible(people, []payload.Assignment{a}, 1); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want %q", row.set, err, row.want)
		}
	}
	for _, text := range []string{"", "event.user_name", "=x"} {
		if _, err := payload.ParseAssignment(text); err == nil {
			t.Errorf("%q: got no error", text)
		}
	}
}

// The ids that a subscription asks for are in the event.
func TestKeysOfConditions(t *testing.T) {
	known := people
	known.Known = map[string]string{"reward_id": "reward", "organization_id": "org", "campaign_id": "campaign", "category_id": "cat", "conduit_id": "conduit"}
	for of, want := range map[eventsub.Type]map[string]string{
		eventsub.ChannelFollow{}.Type():                          {"broadcaster_user_id": "1"},
		eventsub.ChannelChatMessage{}.Type():                     {"broadcaster_user_id": "1"},
		eventsub.ChannelChatUserMessageHold{}.Type():             {"broadcaster_user_id": "1", "user_id": "3"},
		eventsub.ChannelRaid{}.Type():                            {"from_broadcaster_user_id": "3", "to_broadcaster_user_id": "1"},
		eventsub.ChannelShoutoutCreate{}.Type():                  {"broadcaster_user_id": "1"},
		eventsub.ChannelPointsCustomRewardUpdate{}.Type():        {"broadcaster_user_id": "1", "reward_id": "reward"},
		eventsub.ChannelPointsCustomRewardRedemptionAdd{}.Type(): {"broadcaster_user_id": "1", "reward_id": "reward"},
		eventsub.ChannelCustomPowerUpRedemptionAdd{}.Type():      {"broadcaster_user_id": "1", "reward_id": "reward"},
		eventsub.ChannelCharityCampaignStart{}.Type():            {"broadcaster_user_id": "1"},
		eventsub.ConduitShardDisabled{}.Type():                   {"client_id": "client", "conduit_id": "conduit"},
		eventsub.DropEntitlementGrant{}.Type():                   {"organization_id": "org", "category_id": "cat", "campaign_id": "campaign"},
		eventsub.ExtensionBitsTransactionCreate{}.Type():         {"extension_client_id": "client"},
		eventsub.UserAuthorizationGrant{}.Type():                 {"client_id": "client"},
		eventsub.UserUpdate{}.Type():                             {"user_id": "3"},
		eventsub.UserWhisperMessage{}.Type():                     {"user_id": "1"},
	} {
		schema, _ := payload.Lookup(of)
		event, err := schema.Plausible(known, nil, 1)
		if err != nil {
			t.Fatal(err)
		}
		got := schema.Keys(event, "client")
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%v: got %v, want %s=%s", of, got, name, value)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%v: got %v, want %v", of, got, want)
		}
	}
}
