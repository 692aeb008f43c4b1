package emulator

import (
	"errors"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/push"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// An EventFault disturbs the delivery of EventSub's notifications over every transport. Shares
// are from 0 to 1.
//
// The choices depend on Seed, the condition of the subscription and how many notifications it
// had before: the same test makes the same choices each time.
type EventFault struct {
	Type    eventsub.Type // only events of this type; default: all
	Session string        // only this WebSocket session; default: every transport
	Seed    uint64

	Duplicate float64       // share of notifications that are sent twice, with the same message id
	Delay     time.Duration // of each notification; its timestamp stays the earlier one
	Jitter    time.Duration // random delay up to this, in addition: events overtake each other

	Refused    float64       // share of posts to webhooks that do not reach the callback
	Unanswered float64       // share of posts to webhooks whose response is lost; they are repeated
	Slow       time.Duration // pause in the middle of the body of each post to a webhook
}

// DisturbEventSub applies a fault to notifications from now on, in place of the one before.
// [Server.HealEventSub] ends it. It fails if a share is not from 0 to 1, or a time is
// negative.
//
// Callbacks that fail are treated as usual: Twitch waits for a response for five seconds. It
// repeats a notification up to four times, after 1, 2, 4 and 8 seconds, with the same message
// id and the number of the repetition in the header Twitch-Eventsub-Message-Retry. After three
// notifications in a row that were given up, the subscription ends with the status
// notification_failures_exceeded; a shard of a conduit is disabled with it.
func (s *Server) DisturbEventSub(f EventFault) error {
	for _, share := range []float64{f.Duplicate, f.Refused, f.Unanswered, f.Refused + f.Unanswered} {
		if share < 0 || share > 1 {
			return errors.New("emulator: shares of an EventFault, and the sum of Refused and Unanswered, must be from 0 to 1")
		}
	}
	if min(f.Delay, f.Jitter, f.Slow) < 0 {
		return errors.New("emulator: times of an EventFault must not be negative")
	}
	s.push.Disturb(push.Disturbance(f))
	return nil
}

// HealEventSub ends [Server.DisturbEventSub]. Notifications that are delayed still arrive, at
// their time.
func (s *Server) HealEventSub() { s.push.Disturb(push.Disturbance{}) }

// EventSubCounts are the notifications that did not arrive at the first try, or never, and
// what clients sent that they must not send.
type EventSubCounts struct {
	Lost    uint64 `json:"lost"`     // written into a connection that was silent or half open
	Dropped uint64 `json:"dropped"`  // taken neither by the shard of a conduit nor by the other one that was tried, or by a webhook with too many waiting
	Retried uint64 `json:"retried"`  // sent to another shard of a conduit
	GivenUp uint64 `json:"given_up"` // not acknowledged by a webhook at the last try either; lost, unless it was an answer that got lost
	Inbound uint64 `json:"inbound"`  // messages that clients sent over a WebSocket, which is closed with 4001 then
}

// EventSubCounts returns the counts since the start.
func (s *Server) EventSubCounts() EventSubCounts { return EventSubCounts(s.push.Counts()) }
