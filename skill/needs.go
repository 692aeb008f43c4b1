package skill

import (
	"slices"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// Needs is what skills need in order to work. Subscriptions and scopes follow from it.
type Needs struct {
	Events     []eventsub.Type // to hand to [Engine.Event]
	Chat       bool            // messages, to hand to [Engine.Message]
	Membership bool            // comings and goings, to hand to [Engine.Join] and [Engine.Part]
	Endpoints  []string        // of Twitch's API that actions call, by id: "ban-user"
	Connectors []string        // other than Twitch that actions send to
}

func (n *Needs) addEvent(t eventsub.Type) { n.Events = addOnce(n.Events, t) }

func (n *Needs) addConnector(name string) { n.Connectors = addOnce(n.Connectors, name) }

func (n *Needs) addAction(a *action) {
	for _, id := range a.endpoints {
		n.Endpoints = addOnce(n.Endpoints, id)
	}
}

func addOnce[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}
