package daemon

import (
	"strings"

	"github.com/larkspur-dev/larkspur/skill"
)

// relayPrefix begins the names of the lanes of relays.
const relayPrefix = "relay "

// laneOf returns the lane of an action: that of its class, or for a relay its own.
func laneOf(class skill.Class, relay string) string {
	if class == skill.ClassRelay {
		return relayPrefix + relay
	}
	return string(class)
}

// laneBounds returns the lanes of a bot with some relays. Where the order counts, one
// job runs at a time. Bans, decisions, deletes and scripts have several workers, so that one
// slow answer of Twitch's does not delay the next ban. A decision may wait for a look-up
// or compute for a while; a ban that is already decided does not wait for it, nor for
// the deletes of a chat full of links.
func laneBounds(relays []RelayConfig) map[string]laneOptions {
	lanes := map[string]laneOptions{
		string(skill.ClassModeration): {size: 10_000, parallel: 8, finishing: true},
		string(skill.ClassDecision):   {size: 10_000, parallel: 8, finishing: true},
		string(skill.ClassDelete):     {size: 10_000, parallel: 4, newest: true, finishing: true},
		string(skill.ClassRedemption): {size: 1000, parallel: 1, finishing: true},
		string(skill.ClassReply):      {size: 500, parallel: 1, newest: true},
		string(skill.ClassScript):     {size: 1000, parallel: 4, newest: true},
		string(skill.ClassChannel):    {size: 100, parallel: 1},
		string(skill.ClassHTTP):       {size: 100, parallel: 4},
	}
	for _, r := range relays {
		lanes[laneOf(skill.ClassRelay, r.Name)] = laneOptions{size: 100, parallel: 1}
	}
	return lanes
}

// laneJobs returns the words for the jobs of a lane in messages, singular and plural.
func laneJobs(lane string) (one, several string) {
	switch skill.Class(lane) {
	case skill.ClassModeration:
		return "ban", "bans"
	case skill.ClassDecision:
		return "decision whether to moderate", "decisions whether to moderate"
	case skill.ClassDelete:
		return "delete", "deletes"
	case skill.ClassRedemption:
		return "answer to a redemption", "answers to redemptions"
	case skill.ClassReply:
		return "reply", "replies"
	case skill.ClassScript:
		return "run of a script", "runs of scripts"
	case skill.ClassHTTP:
		return "HTTP request", "HTTP requests"
	case skill.ClassChannel:
		return "change of the channel", "changes of the channel"
	default:
		relay := strings.TrimPrefix(lane, relayPrefix)
		return "message to " + relay, "messages to " + relay
	}
}
