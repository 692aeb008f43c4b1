package emulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/payload"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// triggerVerbs send events that the world did not cause.
var triggerVerbs = []verb{
	{
		"trigger", "type version? broadcaster? user? moderator? set? seed? only?",
		"Sends an event of any type, with plausible values, to the subscriptions that match; set has values such as event.user_name=Grace; with only=true nothing is sent.",
		"type=channel.follow set=event.user_name=Grace", (*Server).orderTrigger,
	},
	{"event", "broadcaster? type version event", "Sends an event, as it is, to all subscriptions to it, in a channel or in all.", `broadcaster=ada type=stream.online version=1 event='{"id":"7"}'`, func(s *Server, o order) (any, error) {
		n, err := s.SendEvent(eventsub.Type{Name: o.Type, Version: o.Version}, o.Broadcaster, o.Event)
		return map[string]int{"subscriptions": n}, err
	}},
}

func (s *Server) orderTrigger(o order) (any, error) {
	t, err := typeNamed(o.Type, o.Version)
	if err != nil {
		return nil, err
	}
	done, err := s.Trigger(t, TriggerOptions{Channel: o.Broadcaster, User: o.User, Moderator: o.Moderator, Set: o.Set, Seed: o.Seed, Only: o.Only})
	if err != nil {
		return nil, err
	}
	return struct {
		Type          string          `json:"type"`
		Version       string          `json:"version"`
		Subscriptions int             `json:"subscriptions"`
		OtherChannels []string        `json:"other_channels"` // of subscriptions that did not match
		OtherVersions []string        `json:"other_versions"` // to which there are subscriptions
		Event         json.RawMessage `json:"event"`
	}{t.Name, t.Version, done.Subscriptions, s.channelsOf(done.Others), s.versionsInUse(t), done.Event}, nil
}

// channelsOf returns the logins of the broadcasters that conditions are about.
func (s *Server) channelsOf(conditions []map[string]string) []string {
	logins := []string{}
	for _, condition := range conditions {
		for name, id := range condition {
			u, ok := s.world.UserByID(id)
			if ok && strings.Contains(name, "broadcaster") && !slices.Contains(logins, u.Login) {
				logins = append(logins, u.Login)
			}
		}
	}
	slices.Sort(logins)
	return logins
}

// versionsInUse returns the other versions of a type to which there are subscriptions.
func (s *Server) versionsInUse(t eventsub.Type) []string {
	used := []string{}
	for _, info := range eventsub.Types() {
		if other := info.Type; other.Name == t.Name && other != t && len(s.push.Conditions(other)) > 0 {
			used = append(used, other.Version)
		}
	}
	return used
}

// typeNamed returns an event type; without a version its newest one.
func typeNamed(name, version string) (eventsub.Type, error) {
	var names []string
	for _, known := range typeVersions() {
		names = append(names, known.Type)
		switch {
		case known.Type != name:
		case version == "":
			return eventsub.Type{Name: name, Version: known.Versions[len(known.Versions)-1]}, nil
		case slices.Contains(known.Versions, version):
			return eventsub.Type{Name: name, Version: version}, nil
		default:
			return eventsub.Type{}, fmt.Errorf("%s has no version %s; it has %s", name, version, strings.Join(known.Versions, ", "))
		}
	}
	if near := payload.Nearest(name, names); near != "" {
		return eventsub.Type{}, fmt.Errorf("there is no event type %q; did you mean %s?", name, near)
	}
	return eventsub.Type{}, fmt.Errorf("there is no event type %q; GET /larkspur/types lists them", name)
}

// versions are the versions of an event type, oldest first.
type versions struct {
	Type     string   `json:"type"`
	Versions []string `json:"versions"`
}

// typeVersions lists the event types in Twitch's order.
func typeVersions() []versions {
	var all []versions
	for _, info := range eventsub.Types() {
		i := slices.IndexFunc(all, func(v versions) bool { return v.Type == info.Type.Name })
		if i < 0 {
			i = len(all)
			all = append(all, versions{Type: info.Type.Name})
		}
		all[i].Versions = append(all[i].Versions, info.Type.Version)
	}
	return all
}
