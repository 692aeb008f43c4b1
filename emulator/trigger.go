package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/payload"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// TriggerOptions choose the users of a triggered event, and its values. Users are created
// when they are named for the first time.
type TriggerOptions struct {
	Channel   string   // login of the broadcaster; default: as the oldest subscription has it, else the first channel of the server
	User      string   // login of who does something, or to whom it happens; default: grace
	Moderator string   // login of who moderates; default: the broadcaster
	Set       []string // values such as "event.user_name=Grace" or "event.choices[0].title=Yes"; [Server.Trigger] describes them
	Seed      uint64   // of generated ids; default: random
	Only      bool     // make the event, but send it to no subscription
}

// A Triggered is an event that was sent.
type Triggered struct {
	Type          eventsub.Type
	Event         json.RawMessage
	Subscriptions int // to which it was sent

	// Others are subscriptions to the type that did not get it, because their condition asks
	// for something else.
	Others []map[string]string
}

// Trigger sends an event of any type, with values that Twitch could have sent, to all
// subscriptions whose condition it meets. It changes nothing in the world: after
// channel.follow the list of followers is as before. Ids that a subscription asks for, such as a reward_id, are taken
// from the oldest subscription to the type.
//
// Each assignment in Set names a field by its path and gives it a value, which is read as the
// field's type: a number, true or false, text, null where Twitch may send it, [] or ["a","b"]
// for a list. An element one after the last of a list is added. An optional object on the
// path is filled in. A path that the type does not have is an error that names the
// nearest one.
//
// A field that decides what else is in an event, such as notice_type of
// channel.chat.notification or action of channel.moderate, brings the matching object.
func (s *Server) Trigger(t eventsub.Type, o TriggerOptions) (*Triggered, error) {
	schema, ok := payload.Lookup(t)
	if !ok {
		return nil, fmt.Errorf("emulator: Twitch has no event type %v", t)
	}
	conditions := s.push.Conditions(t)
	var asked map[string]string
	if len(conditions) > 0 {
		asked = conditions[0]
	}
	people, err := s.triggerPeople(t, o, asked)
	if err != nil {
		return nil, fmt.Errorf("emulator: trigger %v: %w", t, err)
	}
	people.Known = knownIDs(asked)
	var set []payload.Assignment
	for _, text := range o.Set {
		a, err := payload.ParseAssignment(text)
		if err != nil {
			return nil, fmt.Errorf("emulator: trigger %v: %w", t, err)
		}
		set = append(set, a)
	}
	if o.Seed == 0 {
		o.Seed = rand.Uint64() //nolint:gosec // ids of events are no secrets
	}
	event, err := schema.Plausible(people, set, o.Seed)
	if err != nil {
		return nil, fmt.Errorf("emulator: trigger %v: %w", t, err)
	}
	body, err := json.Marshal(event)
	if err != nil {
		return nil, fmt.Errorf("emulator: trigger %v: %w", t, err)
	}
	done := &Triggered{Type: t, Event: body}
	if o.Only {
		return done, nil
	}
	keys := schema.Keys(event, people.ClientID)
	done.Subscriptions = s.push.RawTo(t, keys, body)
	done.Others = slices.DeleteFunc(conditions, func(c map[string]string) bool { return meets(c, keys) })
	return done, nil
}

// triggerPeople finds or creates the users of an event. Those that are not chosen are the ones
// that a condition asks for.
func (s *Server) triggerPeople(t eventsub.Type, o TriggerOptions, condition map[string]string) (payload.People, error) {
	inChannel, inUser := []string{"broadcaster_user_id", "broadcaster_id", "to_broadcaster_user_id"}, []string{"from_broadcaster_user_id"}
	switch {
	case t.Name == "user.whisper.message": // the channel's owner gets it
		inChannel = []string{"user_id"}
	case strings.HasPrefix(t.Name, "user.") || strings.HasPrefix(t.Name, "channel.chat.user_message"):
		inUser = []string{"user_id"}
	}
	people := payload.People{ClientID: s.ClientID()}
	var errs [4]error
	people.Channel, errs[0] = s.asked(o.Channel, condition, inChannel, s.firstChannel)
	people.User, errs[1] = s.asked(o.User, condition, inUser, func() string { return "grace" })
	people.Moderator, errs[2] = s.asked(o.Moderator, nil, nil, func() string { return people.Channel.Login })
	people.Other, errs[3] = s.asked("hedy", nil, nil, nil)
	return people, errors.Join(errs[:]...)
}

// asked returns the user with a login, if there is none the one that a field of a condition
// names, else another one.
func (s *Server) asked(login string, condition map[string]string, fields []string, other func() string) (payload.Person, error) {
	for _, field := range fields {
		if u, ok := s.world.UserByID(condition[field]); ok && login == "" {
			return payload.Person{ID: u.ID, Login: u.Login, Name: u.DisplayName}, nil
		}
	}
	if login == "" {
		login = other()
	}
	u, err := s.person(login)
	return payload.Person{ID: u.ID, Login: u.Login, Name: u.DisplayName}, err
}

// firstChannel returns the login of the oldest broadcaster, "ada" if there is none.
func (s *Server) firstChannel() string {
	for _, u := range s.world.Users() {
		if u.BroadcasterType != "" {
			return u.Login
		}
	}
	return "ada"
}

// knownIDs returns the ids of things, not users, that a condition asks for.
func knownIDs(condition map[string]string) map[string]string {
	known := maps.Clone(condition)
	maps.DeleteFunc(known, func(name, value string) bool { return strings.HasSuffix(name, "user_id") || value == "" })
	return known
}

// meets reports whether an event with keys is what a condition asks for.
func meets(condition, keys map[string]string) bool {
	for name, value := range condition {
		if has, known := keys[name]; known && value != "" && value != has {
			return false
		}
	}
	return true
}
