package skill_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A skill decides by age, or by where an event comes from, whether a follow that was made
// while the bot was not running is still thanked.
func TestSkillsSeeTheAgeOfAnEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := start(t, `
skills:
  fresh: {on: channel.follow, when: event.age < 600, do: [say: 'Thank you {event.user_name}!']}
  missed: {on: UserFollowed, when: event.recovered, do: [say: 'Thank you {event.follower}, {int(event.age / 60)} minutes later!']}
`)
		n := eventsub.Notification{Type: eventsub.ChannelFollow{}.Type(), Event: []byte(follow)}
		n.Meta.Timestamp = time.Now()
		time.Sleep(time.Second)
		_ = p.Event(t.Context(), n)
		p.want(t, "say Thank you Grace!")

		time.Sleep(3 * time.Hour)
		n.Meta.Recovered = true
		_ = p.Event(t.Context(), n)
		p.want(t, "say Thank you Grace, 180 minutes later!")
	})
}

func TestASkillHearsOfMissedEvents(t *testing.T) {
	p := start(t, `
skills:
  tell: {on: larkspur.gap, do: [say: 'missed: {", ".join(event.lost)}; found {event.recovered_count}']}
`)
	p.event(t, "larkspur.gap", "1", `{"lost":["channel.raid v1"],"recovered_count":3}`)
	p.want(t, "say missed: channel.raid v1; found 3")
}
