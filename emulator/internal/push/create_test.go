package push_test

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/push"
)

func TestCreateRefused(t *testing.T) {
	chatScope := "user:read:chat"
	tests := []struct {
		name    string
		grant   auth.Grant
		request func(p *peer) push.Request
		status  int
		text    string
	}{
		{"unknown type", grant("1"), func(p *peer) push.Request { return request(p, "channel.nonsense", "1") }, 400, "invalid subscription type and version"},
		{"unknown version", grant("1"), func(p *peer) push.Request { return request(p, "channel.follow", "1", "broadcaster_user_id", "1") }, 400, "invalid subscription type and version"},
		{"no condition", grant("1"), func(p *peer) push.Request { return request(p, "stream.online", "1") }, 400, "condition"},
		{"half a condition", grant("1", chatScope), func(p *peer) push.Request { return request(p, "channel.chat.message", "1", "broadcaster_user_id", "1") }, 400, "user_id is required"},
		{"foreign field", grant("1"), func(p *peer) push.Request {
			return request(p, "stream.online", "1", "broadcaster_user_id", "1", "channel", "ada")
		}, 400, "has no channel"},
		{"both sides of a raid", grant("1"), func(p *peer) push.Request {
			return request(p, "channel.raid", "1", "from_broadcaster_user_id", "1", "to_broadcaster_user_id", "3")
		}, 400, "exactly one of"},
		{"app token", auth.Grant{ClientID: "client"}, func(p *peer) push.Request { return request(p, "stream.online", "1", "broadcaster_user_id", "1") }, 400, "invalid transport and auth combination"},
		{"user token for a webhook", grant("1"), func(p *peer) push.Request {
			r := request(p, "stream.online", "1", "broadcaster_user_id", "1")
			r.Transport.Method = "webhook"
			return r
		}, 400, "invalid transport and auth combination"},
		{"app token for a webhook", auth.Grant{ClientID: "client"}, func(p *peer) push.Request {
			r := request(p, "stream.online", "1", "broadcaster_user_id", "1")
			r.Transport.Method = "webhook"
			return r
		}, 400, "callback"},
		{"app token for a webhook with a short secret", auth.Grant{ClientID: "client"}, func(p *peer) push.Request {
			r := request(p, "stream.online", "1", "broadcaster_user_id", "1")
			r.Transport.Method, r.Transport.Callback, r.Transport.Secret = "webhook", "https://example.com/hook", "short"
			return r
		}, 400, "secret"},
		{"app token for a conduit that is not there", auth.Grant{ClientID: "client"}, func(p *peer) push.Request {
			r := request(p, "stream.online", "1", "broadcaster_user_id", "1")
			r.Transport.Method, r.Transport.ConduitID = "conduit", "nope"
			return r
		}, 400, "conduit does not exist"},
		{"app token without the user's consent", auth.Grant{ClientID: "client"}, func(p *peer) push.Request {
			r := request(p, "channel.follow", "2", "broadcaster_user_id", "1", "moderator_user_id", "1")
			r.Transport.Method, r.Transport.ConduitID = "conduit", "nope"
			return r
		}, 403, "authorization"},
		{"no method", grant("1"), func(p *peer) push.Request {
			r := request(p, "stream.online", "1", "broadcaster_user_id", "1")
			r.Transport.Method = ""
			return r
		}, 400, "invalid transport method"},
		{"type without WebSocket", grant("1"), func(p *peer) push.Request { return request(p, "user.authorization.revoke", "1", "client_id", "client") }, 400, "invalid transport"},
		{"no such session", grant("1"), func(p *peer) push.Request {
			r := request(p, "stream.online", "1", "broadcaster_user_id", "1")
			r.Transport.SessionID = "nope"
			return r
		}, 400, "websocket transport session does not exist or has already disconnected"},
		{"missing scope", grant("1"), func(p *peer) push.Request {
			return request(p, "channel.follow", "2", "broadcaster_user_id", "1", "moderator_user_id", "1")
		}, 403, "subscription missing proper authorization"},
		{"somebody else's token", grant("2", "moderator:read:followers"), func(p *peer) push.Request {
			return request(p, "channel.follow", "2", "broadcaster_user_id", "1", "moderator_user_id", "1")
		}, 403, "subscription missing proper authorization"},
		{"no moderator", grant("3", "moderator:read:followers"), func(p *peer) push.Request {
			return request(p, "channel.follow", "2", "broadcaster_user_id", "1", "moderator_user_id", "3")
		}, 403, "subscription missing proper authorization"},
		{"banned from the chat", grant("4", chatScope), func(p *peer) push.Request {
			return request(p, "channel.chat.message", "1", "broadcaster_user_id", "1", "user_id", "4")
		}, 403, "subscription missing proper authorization"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				_, err := s.world.Ban("1", "2", "4", 0, "")
				must(t, err)
				p := s.connect("")
				_, err = s.server.Create(test.grant, test.request(p))
				refused(t, err, test.status, test.text)
			})
		})
	}
}

func TestCreateListDelete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		created := s.subscribe(p, "2", "channel.follow", "2", "broadcaster_user_id", "1", "moderator_user_id", "2")
		if created.Status != "enabled" || created.Cost != 0 || created.Transport.SessionID != p.id || created.Transport.Method != "websocket" || created.CreatedAt.IsZero() {
			t.Errorf("got %+v", created)
		}
		other := s.subscribe(p, "2", "stream.online", "1", "broadcaster_user_id", "1")
		if other.Cost != 1 {
			t.Errorf("got cost %d for what nobody consented to, want 1", other.Cost)
		}
		l := s.server.List(grant("2"), push.Filter{})
		want := push.List{Subscriptions: []push.Subscription{created, other}, Total: 2, TotalCost: 1, MaxTotalCost: 10}
		if diff := cmp.Diff(want, l); diff != "" {
			t.Errorf("got another list (-want +got):\n%s", diff)
		}
		for f, want := range map[push.Filter]int{
			{Type: "channel.follow"}: 1, {UserID: "2"}: 1, {UserID: "1"}: 2, {ID: other.ID}: 1, {Status: "enabled"}: 2, {Status: "user_removed"}: 0,
		} {
			if got := len(s.server.List(grant("2"), f).Subscriptions); got != want {
				t.Errorf("%+v: got %d subscriptions, want %d", f, got, want)
			}
		}
		if got := s.server.List(grant("1"), push.Filter{}).Total; got != 0 {
			t.Errorf("got %d subscriptions of another user, want none", got)
		}
		refused(t, s.server.Delete(grant("1"), other.ID), 404, "not found")
		must(t, s.server.Delete(grant("2"), other.ID))
		refused(t, s.server.Delete(grant("2"), other.ID), 404, "not found")
		if got := s.server.List(grant("2"), push.Filter{}).Total; got != 1 {
			t.Errorf("got %d subscriptions after Delete, want 1", got)
		}
		_, err := s.world.GoLive("1")
		must(t, err)
		p.want()
	})
}

func TestOneUserPerSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.subscribe(p, "1", "stream.online", "1", "broadcaster_user_id", "1")
		_, err := s.server.Create(grant("2"), request(p, "stream.online", "1", "broadcaster_user_id", "2"))
		refused(t, err, 400, "websocket transport cannot have subscriptions created by different users")
	})
}

// nicklaw5/helix has one struct for all conditions and sends all its fields.
func TestEmptyFieldsOfAConditionAreIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		sub, err := s.server.Create(grant("1"), request(p, "channel.raid", "1", "broadcaster_user_id", "", "from_broadcaster_user_id", "",
			"to_broadcaster_user_id", "1", "user_id", "", "client_id", "", "extension_client_id", "", "reward_id", ""))
		must(t, err)
		if want := map[string]string{"from_broadcaster_user_id": "", "to_broadcaster_user_id": "1"}; !cmp.Equal(sub.Condition, want) {
			t.Errorf("got the condition %v, want %v", sub.Condition, want)
		}
		_, err = s.server.Create(grant("1"), request(p, "stream.online", "1", "broadcaster_user_id", ""))
		refused(t, err, 400, "broadcaster_user_id is required")
	})
}

func TestDuplicates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.subscribe(p, "1", "channel.raid", "1", "to_broadcaster_user_id", "1")
		_, err := s.server.Create(grant("1"), request(p, "channel.raid", "1", "to_broadcaster_user_id", "1", "from_broadcaster_user_id", ""))
		refused(t, err, 409, "subscription already exists")
		s.subscribe(p, "1", "channel.raid", "1", "from_broadcaster_user_id", "1")
		for range 2 {
			s.subscribe(s.connect(""), "1", "channel.raid", "1", "to_broadcaster_user_id", "1")
		}
		_, err = s.server.Create(grant("1"), request(s.connect(""), "channel.raid", "1", "to_broadcaster_user_id", "1"))
		refused(t, err, 429, "maximum subscriptions with type and condition exceeded")
		_, err = s.server.Create(grant("1"), request(s.connect(""), "channel.update", "2", "broadcaster_user_id", "1"))
		refused(t, err, 429, "number of websocket transports limit exceeded")
	})
}

func TestCostAndSize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		for i := range 10 {
			s.subscribe(p, "1", "stream.online", "1", "broadcaster_user_id", strconv.Itoa(1000+i))
		}
		_, err := s.server.Create(grant("1"), request(p, "stream.online", "1", "broadcaster_user_id", "1010"))
		refused(t, err, 429, "cost")
		s.subscribe(p, "1", "stream.online", "1", "broadcaster_user_id", "1") // their own: costs nothing
		for i := range 300 - 11 {
			s.subscribe(p, "1", "channel.chat_settings.update", "1", "broadcaster_user_id", strconv.Itoa(2000+i), "user_id", "1")
		}
		_, err = s.server.Create(grant("1", "user:read:chat"), request(p, "channel.chat_settings.update", "1", "broadcaster_user_id", "3", "user_id", "1"))
		refused(t, err, 429, "exceeded")
	})
}

func TestRevocation(t *testing.T) {
	tests := []struct {
		name   string
		do     func(s *stage)
		status string
		want   []string // types
	}{
		{"consent", func(s *stage) { s.world.Deauthorized("client", "2") }, "authorization_revoked", []string{"channel.follow", "channel.chat.message", "stream.online"}},
		{"another client's consent", func(s *stage) { s.world.Deauthorized("other", "2") }, "", nil},
		{"moderator", func(s *stage) { must(s.t, s.world.RemoveRole("1", "moderator", "2")) }, "moderator_removed", []string{"channel.follow"}},
		{"ban", func(s *stage) { _, err := s.world.Ban("1", "1", "2", 0, ""); must(s.t, err) }, "", []string{"channel.follow", "channel.chat.message"}},
		{"timeout", func(s *stage) { _, err := s.world.Ban("1", "1", "2", time.Minute, ""); must(s.t, err) }, "moderator_removed", []string{"channel.follow"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				p := s.connect("")
				s.subscribe(p, "2", "channel.follow", "2", "broadcaster_user_id", "1", "moderator_user_id", "2")
				s.subscribe(p, "2", "channel.chat.message", "1", "broadcaster_user_id", "1", "user_id", "2")
				s.subscribe(p, "2", "stream.online", "1", "broadcaster_user_id", "1")
				test.do(s)
				var want []string
				for _, name := range test.want {
					want = append(want, "revocation "+name)
				}
				for _, m := range p.want(want...) {
					if got := m.Payload.Subscription.Status; test.status != "" && got != test.status {
						t.Errorf("got status %q, want %q", got, test.status)
					}
				}
				if got := len(s.server.List(grant("2"), push.Filter{Status: push.Enabled}).Subscriptions); got != 3-len(want) {
					t.Errorf("got %d enabled subscriptions, want %d", got, 3-len(want))
				}
			})
		})
	}
}
