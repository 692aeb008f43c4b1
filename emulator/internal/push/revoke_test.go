package push_test

import (
	"bytes"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/emulator/internal/push"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// Each of Twitch's reasons arrives over each transport, once, and stays in the list.
func TestRevocationWithEachStatus(t *testing.T) {
	online := eventsub.Type{Name: "stream.online", Version: "1"}
	for _, status := range []string{"authorization_revoked", "user_removed", "version_removed", "moderator_removed", "chat_user_banned", "beta_maintenance"} {
		t.Run(status, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				p := s.connect("")
				s.subscribe(p, "1", online.Name, online.Version, "broadcaster_user_id", "1")
				c, err := s.server.CreateConduit(app, 1)
				must(t, err)
				shard := s.connect("")
				s.seat(c.ID, "0", shard)
				s.overConduit(c.ID, online.Name, online.Version, "broadcaster_user_id", "1")
				s.server.Revoke(online, status)
				s.server.Revoke(online, status)
				for _, client := range []*peer{p, shard} {
					if got := client.want("revocation stream.online"); len(got) == 1 && got[0].Payload.Subscription.Status != status {
						t.Errorf("got %+v", got[0].Payload.Subscription)
					}
				}
				if got := s.server.All(); len(got) != 2 || got[0].Status != status || got[1].Status != status {
					t.Errorf("got %+v, want both listed with the status", got)
				}
			})
			synctest.Test(t, func(t *testing.T) {
				in := &inbox{t: t}
				s, _ := newHooks(t, in)
				_, err := s.Create(app, hookRequest(online.Name, online.Version, "broadcaster_user_id", "1"))
				must(t, err)
				in.take()
				s.Revoke(online, status)
				if got := in.take(); len(got) != 1 || got[0].kind != "revocation" || !bytes.Contains(got[0].body, []byte(`"status":"`+status+`"`)) {
					t.Errorf("got %d letters, want a revocation", len(got))
				}
				if got := s.List(app, push.Filter{Status: status}).Subscriptions; len(got) != 1 {
					t.Errorf("got %+v", got)
				}
			})
		})
	}
}
