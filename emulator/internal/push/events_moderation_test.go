package push_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// A step changes the world; what it returns is what was wrong.
type step = func(w *world.World) error

func say(text string) step {
	return func(w *world.World) error {
		_, err := w.PostChat(world.Post{BroadcasterID: "1", SenderID: "3", Text: text})
		if _, dropped := world.Dropped(err); dropped {
			return nil
		}
		return err
	}
}

// done forgets what a change made.
func done[T any](_ T, err error) error { return err }

func block(term string) step {
	return func(w *world.World) error { return done(w.AddBlockedTerm("1", "2", term)) }
}

func strict(w *world.World) error { return w.SetAutoMod("1", "2", world.OverallAutoMod(4)) }

func resolve(allow bool) step {
	return func(w *world.World) error { return w.ResolveHeld("2", w.HeldMessages("1")[0].Message.ID, allow) }
}

func suspect(s world.Suspicion) step {
	return func(w *world.World) error { return done(w.SetSuspicion("1", "2", "3", s)) }
}

func ban(w *world.World) error { return done(w.Ban("1", "2", "3", 0, "")) }

func requestUnban(w *world.World) error { return done(w.RequestUnban("1", "3", "sorry")) }

func resolveUnban(approve bool) step {
	return func(w *world.World) error {
		return done(w.ResolveUnban("1", "2", w.UnbanRequests("1")[0].ID, approve, "well"))
	}
}

func shield(on bool) step {
	return func(w *world.World) error { return done(w.SetShieldMode("1", "2", on)) }
}

func warn(w *world.World) error { return w.Warn("1", "2", "3", "no") }

// Each row changes the world in steps and says which events the last one
// brings, to a session that subscribed to everything and to one of grace's.
func TestModerationEvents(t *testing.T) {
	tests := []struct {
		name  string
		steps []step
		want  []string          // types
		has   map[string]string // type to a part of its event
		grace []string          // types
	}{
		{"a term is blocked", []step{block("bad*")}, []string{"automod.terms.update", "channel.moderate"}, map[string]string{
			"automod.terms.update": `"action":"add_blocked","from_automod":false,"terms":["bad*"]`,
			"channel.moderate":     `"action":"add_blocked_term"`,
		}, nil},
		{"a term is not blocked any more", []step{block("bad"), func(w *world.World) error {
			return w.RemoveBlockedTerm("1", "2", w.BlockedTerms("1")[0].ID)
		}}, []string{"automod.terms.update", "channel.moderate"}, map[string]string{
			"channel.moderate": `"automod_terms":{"action":"remove","list":"blocked","terms":["bad"],"from_automod":false}`,
		}, nil},
		{"a blocked term holds", []step{block("bad*"), say("How BADLY!")}, []string{"automod.message.hold"}, map[string]string{
			"automod.message.hold": `"reason":"blocked_term","automod":null,"blocked_term":{"terms_found":[{"term_id":`,
		}, []string{"channel.chat.user_message_hold"}},
		{"where the term is", []step{block("bad*"), say("How BADLY!")}, []string{"automod.message.hold"}, map[string]string{
			"automod.message.hold": `"boundary":{"start_pos":4,"end_pos":9},"owner_broadcaster_user_id":"1"`,
		}, []string{"channel.chat.user_message_hold"}},
		{"AutoMod's settings", []step{strict}, []string{"automod.settings.update"}, map[string]string{
			"automod.settings.update": `"bullying":3,"overall_level":4`,
		}, nil},
		{"AutoMod holds", []step{strict, say("you idiot Kappa")}, []string{"automod.message.hold", "automod.message.hold"}, map[string]string{
			"automod.message.hold": `"automod":{"category":"bullying","level":3,"boundaries":[{"start_pos":4,"end_pos":8}]}`,
		}, []string{"channel.chat.user_message_hold"}},
		{"approved", []step{strict, say("you idiot"), resolve(true)}, []string{"automod.message.update", "automod.message.update", "channel.chat.message"}, map[string]string{
			"automod.message.update": `"moderator_user_id":"2","moderator_user_login":"mod","moderator_user_name":"Mod","status":"approved"`,
			"channel.chat.message":   `"text":"you idiot"`,
		}, []string{"channel.chat.user_message_update"}},
		{"denied", []step{block("bad"), say("bad"), resolve(false)}, []string{"automod.message.update"}, map[string]string{
			"automod.message.update": `"status":"denied"`,
		}, []string{"channel.chat.user_message_update"}},
		{"expired", []step{block("bad"), say("bad"), func(*world.World) error { time.Sleep(5 * time.Minute); return nil }}, []string{"automod.message.update"}, map[string]string{
			"automod.message.update": `"status":"expired"`,
		}, []string{"channel.chat.user_message_update"}},
		{"warning", []step{warn}, []string{"channel.warning.send", "channel.moderate"}, map[string]string{
			"channel.moderate": `"warn":{"user_id":"3","user_login":"grace","user_name":"Grace","reason":"no","chat_rules_cited":null}`,
		}, nil},
		{"who is warned cannot write", []step{warn, say("but")}, nil, nil, nil},
		{"acknowledged", []step{warn, func(w *world.World) error { return w.AcknowledgeWarning("1", "3") }}, []string{"channel.warning.acknowledge"}, nil, nil},
		{"suspicious", []step{suspect(world.Restricted)}, []string{"channel.suspicious_user.update"}, map[string]string{
			"channel.suspicious_user.update": `"low_trust_status":"restricted"`,
		}, nil},
		{"not any more", []step{suspect(world.Restricted), suspect(world.NotSuspicious)}, []string{"channel.suspicious_user.update"}, map[string]string{
			"channel.suspicious_user.update": `"low_trust_status":"none"`,
		}, nil},
		{"who is monitored is seen", []step{suspect(world.Monitored), say("hi Kappa")}, []string{"channel.chat.message", "channel.suspicious_user.message"}, map[string]string{
			"channel.suspicious_user.message": `"shared_ban_channel_ids":[],"types":["manually_added"],`,
		}, nil},
		{"who is restricted is not", []step{suspect(world.Restricted), say("hi")}, []string{"channel.suspicious_user.message"}, nil, nil},
		{"shield", []step{shield(true)}, []string{"channel.shield_mode.begin"}, map[string]string{"channel.shield_mode.begin": `"started_at":"2000-01-01T00:00:00Z"`}, nil},
		{"no shield", []step{shield(true), shield(false)}, []string{"channel.shield_mode.end"}, nil, nil},
		{"the same again", []step{shield(true), shield(true)}, nil, nil, nil},
		{"request", []step{ban, requestUnban}, []string{"channel.unban_request.create"}, map[string]string{"channel.unban_request.create": `"text":"sorry"`}, nil},
		{"request approved", []step{ban, requestUnban, resolveUnban(true)}, []string{"channel.unban_request.resolve", "channel.moderate", "channel.unban"}, map[string]string{
			"channel.unban_request.resolve": `"resolution_text":"well","status":"approved"`,
			"channel.moderate":              `"unban_request":{"is_approved":true,"user_id":"3","user_login":"grace","user_name":"Grace","moderator_message":"well"}`,
		}, nil},
		{"request denied", []step{ban, requestUnban, resolveUnban(false)}, []string{"channel.unban_request.resolve", "channel.moderate"}, map[string]string{
			"channel.moderate": `"action":"deny_unban_request"`,
		}, nil},
		{"unbanned without the request", []step{ban, requestUnban, func(w *world.World) error { return w.Unban("1", "2", "3") }}, []string{
			"channel.unban_request.resolve", "channel.unban", "channel.moderate",
		}, map[string]string{"channel.unban_request.resolve": `"status":"canceled"`}, nil},
		{"shared chat", []step{func(w *world.World) error { return w.ShareChat("1", "3") }}, []string{"channel.shared_chat.begin"}, map[string]string{
			"channel.shared_chat.begin": `"host_broadcaster_user_id":"1"`,
		}, nil},
		{"shared chat with more", []step{
			func(w *world.World) error { return w.ShareChat("1", "3") },
			func(w *world.World) error { return w.ShareChat("1", "4") },
		}, []string{"channel.shared_chat.update"}, nil, nil},
		{"shared chat left", []step{
			func(w *world.World) error { return w.ShareChat("3", "1") },
			func(w *world.World) error { return w.LeaveSharedChat("3") },
		}, []string{"channel.shared_chat.end"}, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				p, grace := s.connect(""), s.connect("")
				s.everything(p)
				s.subscribe(grace, "3", "channel.chat.user_message_hold", "1", "broadcaster_user_id", "1", "user_id", "3")
				s.subscribe(grace, "3", "channel.chat.user_message_update", "1", "broadcaster_user_id", "1", "user_id", "3")
				for i, step := range test.steps {
					if i == len(test.steps)-1 {
						p.take()
						grace.take()
					}
					must(t, step(s.world))
				}
				p.wantEvents(test.want, test.has)
				grace.wantEvents(test.grace, nil)
			})
		})
	}
}
