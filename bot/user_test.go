package bot_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// registerGive registers the command of [give].
func registerGive(b *bot.Bot) error { return bot.Command(b, "give", give) }

func TestUsersNamedInTheMessageAreNotLookedUp(t *testing.T) {
	inRoom(t, registerGive, func(r *room) {
		r.want("grace", "!give @bob 1", "@grace gave 1 thanks to @bob (bob)") // highlighted by Twitch
		r.want("bob", "!give BOB 2", "@bob gave 2 thanks to @bob (bob)")
		r.want("grace", "!give Ada 3", "@grace gave 3 thanks to @ada (ada)") // whose channel it is
		if len(r.lookUps) != 0 {
			t.Errorf("got the calls %q of Get Users, want none", r.lookUps)
		}
		r.want("grace", "!give bob 4", "@grace gave 4 thanks to @bob (bob)")
		r.want("ada", "!give bob 5", "@ada gave 5 thanks to @bob (bob)") // remembered
		if got := strings.Join(r.lookUps, " "); got != "login=bob" {
			t.Errorf("got the calls %q of Get Users, want one: a bare name is no mention", got)
		}
	})
}

func TestDigitsMeanTheLoginBeforeTheID(t *testing.T) {
	inRoom(t, registerGive, func(r *room) {
		digits := r.tw.UserID("bob")
		r.tw.Follow("ada", digits) // a user whose login is bob's id
		r.want("grace", "!give "+digits+" 1", fmt.Sprintf("@grace gave 1 thanks to @%s (%[1]s)", digits))
	})
}

func TestFailedLookUpIsNotTheChattersFault(t *testing.T) {
	inRoom(t, registerGive, func(r *room) {
		r.refuse = map[string]int{"/helix/users": http.StatusForbidden}
		r.want("grace", "!give bob 1", "something went wrong (…)")
		if log := r.log.String(); !strings.Contains(log, "look up bob") || !strings.Contains(log, "command give") {
			t.Errorf("got the log %q, want what failed", log)
		}
	})
}

func TestErrorOfACommandIsKeptWhenItCannotBeTold(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return errors.Join(
			bot.Command(b, "broken", func(context.Context, *bot.Call, struct{}) error { return errors.New("secret detail") }),
			bot.Command(b, "sorry", func(context.Context, *bot.Call, struct{}) error { return bot.Sorry("no") }),
		)
	}, func(r *room) {
		r.drop = "msg_rejected"
		r.want("grace", "!broken")
		if log := r.log.String(); !strings.Contains(log, "secret detail") || strings.Contains(log, "msg_rejected") {
			t.Errorf("got the log %q, want the command's own error", log)
		}
		time.Sleep(time.Second) // until known as a moderator, the bot sends one message in a second
		r.want("grace", "!sorry")
		if log := r.log.String(); !strings.Contains(log, "msg_rejected") {
			t.Errorf("got the log %q, want that the chatter was not told", log)
		}
	})
}

func TestCooldownsOfTwoChannels(t *testing.T) {
	for _, row := range []struct {
		scope bot.Scope
		want  string // who was answered, as channel and chatter
	}{
		{bot.PerChannel, "1/7 2/7"},
		{bot.PerChatter, "1/7 1/8 2/7 2/8"},
		{bot.PerUser, "1/7 1/8"},
		{bot.Global, "1/7"},
	} {
		var got []string
		inRoom(t, func(b *bot.Bot) error {
			return bot.Command(b, "hello", func(_ context.Context, c *bot.Call, _ struct{}) error {
				got = append(got, c.BroadcasterID+"/"+c.Chatter.ID)
				return nil
			}, bot.Cooldown(1, time.Minute, row.scope))
		}, func(r *room) {
			for i, who := range []string{"1/7", "1/7", "1/8", "2/7", "2/8", "1/8"} {
				broadcaster, chatter, _ := strings.Cut(who, "/")
				event := fmt.Sprintf(`{"broadcaster_user_id":%q,"chatter_user_id":%q,"message":{"text":"!hello"}}`, broadcaster, chatter)
				n := eventsub.Notification{Meta: eventsub.Meta{MessageID: fmt.Sprint(i)}, Type: eventsub.ChannelChatMessage{}.Type(), Event: []byte(event)}
				if err := r.mux.Dispatch(r.t.Context(), n); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
			}
		})
		if answered := strings.Join(got, " "); answered != row.want {
			t.Errorf("scope %d: got %s, want %s", row.scope, answered, row.want)
		}
	}
}
