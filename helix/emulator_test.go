package helix_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
)

// users are the tokens of several users, renewed by the emulator's own hand.
type users struct {
	tw *emulator.Server

	mu     sync.Mutex
	scopes map[string][]string // by login
	tokens map[string]string   // by user id
	logins map[string]string   // by user id
	renews int
}

func tokensOf(tw *emulator.Server, scopes map[string][]string) *users {
	u := &users{tw: tw, scopes: scopes, tokens: map[string]string{"": tw.AppToken()}, logins: map[string]string{}}
	for login, granted := range scopes {
		id := tw.UserID(login)
		u.logins[id], u.tokens[id] = login, tw.UserToken(login, granted...)
	}
	return u
}

func (u *users) Token(_ context.Context, userID string) (string, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if token := u.tokens[userID]; token != "" {
		return token, nil
	}
	return "", errors.New("has not logged in")
}

func (u *users) Renew(_ context.Context, userID, _ string) (string, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.renews++
	login := u.logins[userID]
	u.tokens[userID] = u.tw.UserToken(login, u.scopes[login]...)
	return u.tokens[userID], nil
}

func (u *users) Scopes(_ context.Context, userID string) ([]string, bool) {
	login, known := u.logins[userID]
	return u.scopes[login], known
}

func client(tw *emulator.Server, tokens helix.TokenSource) *helix.Client {
	return helix.New(tw.ClientID(), tokens, helix.Options{HTTPClient: tw.HTTPClient(), BaseURL: tw.HelixURL()})
}

func Example() {
	twitch := emulator.New(emulator.Channel("ada"), emulator.User("grace"), emulator.Live("ada"), emulator.InMemory())
	defer twitch.Close()
	grace := twitch.UserID("grace")

	tw := helix.New(twitch.ClientID(), helix.StaticToken(grace, twitch.UserToken("grace", "user:write:chat")), helix.Options{
		HTTPClient: twitch.HTTPClient(), BaseURL: twitch.HelixURL(), // leave both out to call Twitch
	})
	ctx := context.Background()

	ada, err := tw.Users.ByLogin(ctx, "ada")
	if err != nil {
		fmt.Println(err)
		return
	}
	for stream, err := range tw.Streams.All(ctx, helix.GetStreamsParams{UserIDs: []string{ada.ID}}) {
		fmt.Println(stream.UserLogin, stream.Type, err)
	}
	sent, err := tw.Chat.SendMessage(ctx, helix.SendChatMessageParams{
		BroadcasterID: ada.ID, SenderID: grace, Message: "hello",
	})
	fmt.Println(sent.IsSent, err)
	// Output:
	// ada live <nil>
	// true <nil>
}

func TestAgainstTheEmulator(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("grace"), emulator.User("spam"),
		emulator.Moderator("ada", "grace"), emulator.Live("ada"))
	ada, grace, spam := tw.UserID("ada"), tw.UserID("grace"), tw.UserID("spam")
	tokens := tokensOf(tw, map[string][]string{
		"ada":   {"channel:manage:broadcast"},
		"grace": {"moderator:manage:banned_users", "user:write:chat"},
	})
	c, ctx := client(tw, tokens), t.Context()

	t.Run("the moderator's token is found by moderator_id", func(t *testing.T) {
		_, err := c.Moderation.Ban(ctx, helix.BanUserParams{BroadcasterID: ada, ModeratorID: grace, UserID: spam, Reason: "spam"})
		if err != nil || !tw.IsBanned("ada", "spam") {
			t.Errorf("got %v and banned %v, want banned", err, tw.IsBanned("ada", "spam"))
		}
	})
	t.Run("the broadcaster's token is found by broadcaster_id", func(t *testing.T) {
		err := c.Channels.Modify(ctx, helix.ModifyChannelInformationParams{BroadcasterID: ada, Title: new("Chess & <more>")})
		if got := tw.Title("ada"); err != nil || got != "Chess & <more>" {
			t.Errorf("got %v and title %q", err, got)
		}
	})
	t.Run("a missing scope is found before", func(t *testing.T) {
		err := c.Moderation.DeleteMessages(ctx, helix.DeleteChatMessagesParams{BroadcasterID: ada, ModeratorID: grace})
		if _, ok := errors.AsType[*helix.ScopeError](err); !ok {
			t.Errorf("got %v, want a *ScopeError", err)
		}
	})
	t.Run("a dead token is renewed once", func(t *testing.T) {
		tw.ExpireToken(tokens.tokens[ada])
		if err := c.Channels.Modify(ctx, helix.ModifyChannelInformationParams{BroadcasterID: ada, Title: new("again")}); err != nil {
			t.Error(err)
		}
		if tokens.renews != 1 || tw.Title("ada") != "again" {
			t.Errorf("got %d renewals and title %q, want 1 and again", tokens.renews, tw.Title("ada"))
		}
	})
	t.Run("kinds of refusal", func(t *testing.T) {
		_, err := c.Users.ByLogin(ctx, "nobody_at_all")
		if !errors.Is(err, helix.ErrNotFound) {
			t.Errorf("unknown login: got %v, want %v", err, helix.ErrNotFound)
		}
		_, err = client(tw, helix.StaticToken("", "nonsense")).Users.ByLogin(ctx, "ada")
		if !errors.Is(err, helix.ErrUnauthorized) {
			t.Errorf("wrong token: got %v, want %v", err, helix.ErrUnauthorized)
		}
	})
}

func TestAllPages(t *testing.T) {
	opts := []emulator.Option{emulator.Channel("ada"), emulator.InMemory()}
	const followers = 57
	for i := range followers {
		opts = append(opts, emulator.Follower("ada", fmt.Sprintf("fan%d", i)))
	}
	tw := emulator.Start(t, opts...)
	c := client(tw, tokensOf(tw, map[string][]string{"ada": {"moderator:read:followers"}}))
	seen := map[string]bool{}
	for f, err := range c.As(tw.UserID("ada")).Channels.AllFollowers(t.Context(), helix.GetChannelFollowersParams{
		BroadcasterID: tw.UserID("ada"), First: 10,
	}) {
		if err != nil {
			t.Fatal(err)
		}
		seen[f.UserID] = true
	}
	if len(seen) != followers {
		t.Errorf("got %d followers, want %d", len(seen), followers)
	}
}

// A client that asks for more than Twitch allows is slowed down, not refused.
func TestRateLimitOfTheEmulator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.Channel("ada"), emulator.InMemory(), emulator.RateLimit(30))
		c := client(tw, helix.StaticToken("", tw.AppToken()))
		start := time.Now()
		var wg sync.WaitGroup
		for range 75 {
			wg.Go(func() {
				if _, err := c.Users.Get(t.Context(), helix.GetUsersParams{Logins: []string{"ada"}}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(start); took < 80*time.Second || took > 4*time.Minute {
			t.Errorf("75 calls with 30 a minute took %v", took)
		}
		tw.HTTPClient().CloseIdleConnections()
	})
}
