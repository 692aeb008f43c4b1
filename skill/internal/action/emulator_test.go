package action_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/skill/internal/action"
)

// A scene is the channel of ada, which robin moderates, seen from both sides.
type scene struct {
	*testing.T

	tw      *emulator.Server
	on      *action.Twitch
	client  *helix.Client
	ada     string // ids
	robin   string
	grace   string
	outcome map[string]any
}

func newScene(t *testing.T) *scene {
	t.Helper()
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.Channel("hedy"), emulator.User("robin", "grace"),
		emulator.Moderator("ada", "robin"), emulator.Live("ada"), emulator.Live("hedy"), emulator.NoLimits())
	tokens := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), oauth.NewMemoryStore(), oauth.Options{BaseURL: tw.OAuthURL()})
	scopes := scopesOfActions(t)
	const redirect = "http://localhost"
	for _, login := range []string{"ada", "robin"} {
		if _, err := tokens.AddCode(t.Context(), oauth.Secret(tw.AuthorizationCode(login, redirect, scopes...)), redirect); err != nil {
			t.Fatal(err)
		}
	}
	client := helix.New(tw.ClientID(), tokens, helix.Options{BaseURL: tw.HelixURL()})
	s := &scene{T: t, tw: tw, client: client, ada: tw.UserID("ada"), robin: tw.UserID("robin"), grace: tw.UserID("grace")}
	s.on = &action.Twitch{
		Client: client, Sender: chat.NewSender(client.Chat.Carrier(s.robin), chat.SenderOptions{}),
		Broadcaster: chat.User{ID: s.ada, Login: "ada"}, Bot: chat.User{ID: s.robin, Login: "robin"},
	}
	return s
}

// scopesOfActions returns one scope of each group that an action's endpoints need, and those
// with which the test looks at the channel.
func scopesOfActions(t *testing.T) []oauth.Scope {
	t.Helper()
	all := []oauth.Scope{
		"moderation:read", "channel:read:vips", "channel:read:polls", "channel:read:predictions", "channel:read:redemptions",
		"moderator:read:shield_mode", "moderator:read:warnings", "moderator:read:blocked_terms", "user:read:blocked_users", "moderator:read:unban_requests", "user:read:broadcast", "user:read:chat", "user:bot", "channel:bot",
	}
	for _, a := range action.All {
		for _, id := range a.Endpoints {
			e, ok := helix.EndpointByID(id)
			if !ok {
				t.Fatalf("%s: no endpoint %s", a.Name, id)
			}
			for _, group := range e.Scopes {
				for _, scope := range group {
					if !slices.Contains(all, scope) {
						all = append(all, scope)
					}
				}
			}
		}
	}
	return all
}

// does carries an action out, which must work.
func (s *scene) does(name string, args map[string]any) {
	s.Helper()
	var err error
	if s.outcome, err = action.Do(s.Context(), s.on, action.Effect{Action: name, Args: args}); err != nil {
		s.Fatalf("%s: %v", name, err)
	}
}

// refuses carries an action out, which must fail with a text.
func (s *scene) refuses(name string, args map[string]any, text string) {
	s.Helper()
	_, err := action.Do(s.Context(), s.on, action.Effect{Action: name, Args: args})
	if err == nil || !strings.Contains(err.Error(), text) {
		s.Errorf("%s: got %v, want %q", name, err, text)
	}
}

func (s *scene) want(what string, holds bool, err error) {
	s.Helper()
	if err != nil || !holds {
		s.Errorf("%s: got %v", what, err)
	}
}

func user(id string) action.User { return action.User{ID: id} }

func login(name string) action.User { return action.User{Login: name} }

// hears returns the announcements and whispers that a user sees in chat.
func (s *scene) hears(login string) <-chan string {
	s.Helper()
	token, seen, joined := s.tw.UserToken(login, "chat:read", "whispers:read"), make(chan string, 10), make(chan bool, 1)
	c := irc.New(irc.Options{
		Addr: s.tw.IRCAddr(), Login: login, Channels: []string{"ada"},
		Token: func(context.Context) (string, error) { return token, nil },
		OnState: func(st irc.State) {
			if st.Kind == irc.Joined {
				joined <- true
			}
		},
	})
	irc.On(c, func(_ context.Context, n *irc.UserNotice) error {
		color, _ := n.Announcement()
		seen <- n.Kind + " " + n.Text + " " + color
		return nil
	})
	irc.On(c, func(_ context.Context, w *irc.Whisper) error { seen <- "whisper " + w.Text; return nil })
	ctx, cancel := context.WithCancel(s.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	s.Cleanup(func() { cancel(); <-done })
	<-joined
	return seen
}

func TestActionsOfChat(t *testing.T) {
	s := newScene(t)
	id := s.tw.Say("ada", "grace", "hello")
	s.does("say", map[string]any{"text": "one"})
	s.tw.WantChat(t, "ada", "one")
	s.does("say", map[string]any{"text": "/me waves"})
	if m := s.tw.WantChat(t, "ada", "waves"); !m.Action {
		t.Error("/me is no action")
	}
	s.does("reply", map[string]any{"text": "two", "message": id})
	if m := s.tw.WantChat(t, "ada", "two"); m.ReplyTo != id {
		t.Errorf("got a reply to %q", m.ReplyTo)
	}
	s.does("choose", map[string]any{"texts": "three"})
	s.tw.WantChat(t, "ada", "three")
	s.does("rotate", map[string]any{"texts": "four"})
	s.tw.WantChat(t, "ada", "four")
	seen := s.hears("grace")
	s.does("announce", map[string]any{"text": "hear", "color": "purple"})
	s.does("whisper", map[string]any{"user": login("grace"), "text": "psst"})
	for _, want := range []string{"announcement hear PURPLE", "whisper psst"} {
		if got := <-seen; got != want {
			t.Errorf("grace sees %q, want %q", got, want)
		}
	}
	s.does("shoutout", map[string]any{"user": login("hedy")})
	s.refuses("shoutout", map[string]any{"user": login("nobody_at_all")}, "no user has the login")
	s.refuses("send", map[string]any{"to": "team", "text": "x"}, "no other chats")
}

func TestActionsOfModerators(t *testing.T) {
	s := newScene(t)
	s.does("ban", map[string]any{"user": login("grace"), "reason": "spam"})
	s.want("grace is banned", s.tw.IsBanned("ada", "grace"), nil)
	request := s.tw.RequestUnban("ada", "grace", "sorry")
	s.does("deny-unban", map[string]any{"request": request, "text": "no"})
	s.does("unban", map[string]any{"user": user(s.grace)})
	s.want("grace is not banned", !s.tw.IsBanned("ada", "grace"), nil)
	s.does("ban", map[string]any{"user": user(s.grace)})
	s.does("approve-unban", map[string]any{"request": s.tw.RequestUnban("ada", "grace", "please")})
	s.want("the request is granted", !s.tw.IsBanned("ada", "grace"), nil)
	s.does("timeout", map[string]any{"user": user(s.grace), "for": time.Minute})
	s.want("grace is timed out", s.tw.IsBanned("ada", "grace"), nil)
	s.does("unban", map[string]any{"user": user(s.grace)})
	s.does("warn", map[string]any{"user": user(s.grace), "reason": "kind"})
	s.tw.AcknowledgeWarning("ada", "grace")
	s.does("delete", map[string]any{"message": s.tw.Say("ada", "grace", "x")})
	s.does("clear", nil)
	s.does("block", map[string]any{"user": user(s.grace)})
	blocked, err := s.client.As(s.robin).Users.GetBlocked(t.Context(), helix.GetUserBlockListParams{BroadcasterID: s.robin})
	s.want("grace is blocked", err == nil && len(blocked.Items) == 1, err)
	s.does("unblock", map[string]any{"user": user(s.grace)})

	s.does("chat-settings", map[string]any{"slow": 30 * time.Second, "followers": 10 * time.Minute, "subscribers": true, "emotes": true, "unique": true})
	set, err := s.client.Chat.GetSettings(t.Context(), helix.GetChatSettingsParams{BroadcasterID: s.ada})
	s.want("the settings are on", err == nil && set.SlowMode && set.FollowerMode && set.SubscriberMode && set.EmoteMode && set.UniqueChatMode, err)
	s.does("chat-settings", map[string]any{"slow": time.Duration(0), "everyone": true, "emotes": false})
	set, err = s.client.Chat.GetSettings(t.Context(), helix.GetChatSettingsParams{BroadcasterID: s.ada})
	s.want("some are off", err == nil && !set.SlowMode && !set.FollowerMode && set.SubscriberMode && !set.EmoteMode, err)
	s.does("shield", map[string]any{"on": true})
	shield, err := s.client.Moderation.GetShieldMode(t.Context(), helix.GetShieldModeStatusParams{BroadcasterID: s.ada, ModeratorID: s.robin})
	s.want("the shield is up", err == nil && shield.IsActive, err)
}

func TestActionsOfTheChannel(t *testing.T) {
	s := newScene(t)
	s.does("title", map[string]any{"text": "Chess"})
	s.want("the title", s.tw.Title("ada") == "Chess", nil)
	s.does("tags", map[string]any{"tags": []string{"Deutsch", "Chess"}})
	info, err := s.client.Channels.ByID(t.Context(), s.ada)
	s.want("the tags", err == nil && len(info.Tags) == 2, err)
	s.does("category", map[string]any{"name": s.tw.Category("hedy")})
	s.want("the category", s.tw.Category("ada") == s.tw.Category("hedy") && s.outcome["name"] == s.tw.Category("hedy"), nil)
	s.does("marker", map[string]any{"text": "wow"})
	s.want("a marker", s.outcome["id"] != "", nil)
	s.does("clip", nil)
	s.want("a clip", len(s.tw.Clips("ada")) == 1 && s.outcome["url"] != "", nil)
	s.does("clip", map[string]any{"channel": login("hedy")})
	s.want("a clip of hedy", len(s.tw.Clips("hedy")) == 1, nil)
	s.does("raid", map[string]any{"user": login("hedy")})
	s.does("cancel-raid", nil)
	s.refuses("cancel-raid", nil, "404")
	s.does("commercial", map[string]any{"for": 30 * time.Second})
	for role, check := range map[string]func() int{
		"vip": func() int {
			page, err := s.client.Moderation.GetVIPs(t.Context(), helix.GetVIPsParams{BroadcasterID: s.ada})
			s.want("the VIPs", err == nil, err)
			return len(page.Items)
		},
		"mod": func() int {
			page, err := s.client.Moderation.GetModerators(t.Context(), helix.GetModeratorsParams{BroadcasterID: s.ada})
			s.want("the moderators", err == nil, err)
			return len(page.Items)
		},
	} {
		before := check()
		s.does(role, map[string]any{"user": login("grace")})
		s.want("one more "+role, check() == before+1, nil)
		s.does("un"+role, map[string]any{"user": user(s.grace)})
		s.want("one less "+role, check() == before, nil)
	}
}

func TestPollsAndPredictions(t *testing.T) {
	s := newScene(t)
	s.refuses("end-poll", nil, "there is no poll that runs")
	s.does("poll", map[string]any{"title": "Which?", "choices": []string{"Chess", "Go"}, "for": time.Minute, "points": int64(10)})
	s.does("end-poll", map[string]any{"show": true})
	polls, err := s.client.Polls.Get(t.Context(), helix.GetPollsParams{BroadcasterID: s.ada})
	s.want("the poll", err == nil && len(polls.Items) == 1 && polls.Items[0].Status == "TERMINATED" && polls.Items[0].Title == "Which?", err)

	s.refuses("lock-prediction", nil, "there is no prediction that runs")
	s.does("prediction", map[string]any{"title": "Win?", "outcomes": []string{"yes", "no"}, "for": time.Minute})
	s.does("lock-prediction", nil)
	s.refuses("resolve-prediction", map[string]any{"outcome": "maybe"}, `no outcome "maybe"`)
	s.does("resolve-prediction", map[string]any{"outcome": "2"})
	found, err := s.client.Predictions.Get(t.Context(), helix.GetPredictionsParams{BroadcasterID: s.ada})
	s.want("the prediction", err == nil && found.Items[0].Status == "RESOLVED", err)
	s.does("prediction", map[string]any{"title": "Again?", "outcomes": []string{"yes", "no"}, "for": time.Minute})
	s.does("cancel-prediction", nil)
}

func TestActionsOfRewards(t *testing.T) {
	s := newScene(t)
	s.does("create-reward", map[string]any{"title": "Hydrate!", "cost": int64(100), "prompt": "sip"})
	reward, _ := s.outcome["id"].(string)
	s.does("update-reward", map[string]any{"reward": "hydrate!", "cost": int64(200), "paused": false, "title": "Drink"})
	rewards, err := s.client.ChannelPoints.GetRewards(t.Context(), helix.GetCustomRewardParams{BroadcasterID: s.ada})
	s.want("the reward", err == nil && len(rewards) == 1 && rewards[0].Title == "Drink" && rewards[0].Cost == 200, err)
	for name, status := range map[string]string{"fulfil": "FULFILLED", "refund": "CANCELED"} {
		id := s.tw.Redeem("ada", "grace", reward, "")
		s.does(name, map[string]any{"redemption": id, "reward": reward})
		page, err := s.client.ChannelPoints.GetRedemptions(t.Context(), helix.GetCustomRewardRedemptionParams{BroadcasterID: s.ada, RewardID: reward, IDs: []string{id}})
		s.want(name, err == nil && len(page.Items) == 1 && string(page.Items[0].Status) == status, err)
	}
	s.refuses("update-reward", map[string]any{"reward": "None"}, `made no reward "None"`)
}
