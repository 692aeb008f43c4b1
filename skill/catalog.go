package skill

import "github.com/larkspur-dev/larkspur/eventsub"

// twitchTypes are all event types that Twitch has.
func twitchTypes() []eventsub.Info { return eventsub.Types() }
