package skill

import (
	"slices"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/skill/internal/action"
)

// Needs is what skills require. Subscriptions and scopes follow from it.
type Needs struct {
	Events     []eventsub.Type // for [Engine.Event]
	Chat       bool            // messages, for [Engine.Message]
	Membership bool            // joins and parts, for [Engine.Join] and [Engine.Part]
	Stop       bool            // the end of the bot, for [Engine.Stop]
	Endpoints  []string        // ids of Twitch's API endpoints that actions call: "ban-user"
	Connectors []string        // names of the other chats that actions send to
}

func (n *Needs) addEvent(t eventsub.Type) { n.Events = addOnce(n.Events, t) }

func (n *Needs) addConnector(name string) { n.Connectors = addOnce(n.Connectors, name) }

func (n *Needs) addAction(a *action.Action) {
	for _, id := range a.Endpoints {
		n.Endpoints = addOnce(n.Endpoints, id)
	}
}

func addOnce[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}
