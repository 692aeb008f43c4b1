package larkspur_test

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/eventsub/catchup"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A guideReader has what the code in the guides about events refers to.
type guideReader struct {
	clientID, clientSecret, ada, asked string

	tw         *helix.Client
	store      oauth.Store
	inbox      eventsub.Inbox
	seen       eventsub.SeenStore
	watermarks eventsub.WatermarkStore
	conditions []eventsub.Condition
	greet      func(ctx context.Context, e *eventsub.StreamOnline) error
	thank      func(ctx context.Context, user string) error
	report     func(ctx context.Context, text string) error
}

// events is the code of docs/guides/events.md.
func (r guideReader) events(ctx context.Context, follows, raids eventsub.Condition) error {
	clientID, clientSecret, ada, asked, tw, store, greet, thank, report := r.clientID, r.clientSecret, r.ada, r.asked, r.tw, r.store, r.greet, r.thank, r.report
	inbox, seen, watermarks := r.inbox, r.seen, r.watermarks
	mux := eventsub.NewMux(eventsub.MuxOptions{Inbox: inbox})
	mux.Use(eventsub.DedupStore(seen, 24*time.Hour))
	eventsub.On(mux, func(ctx context.Context, e *eventsub.ChannelFollow) error {
		return thank(ctx, e.UserName)
	})
	eventsub.On(mux, func(ctx context.Context, g *eventsub.Gap) error {
		return report(ctx, g.String())
	})
	{
		session := eventsub.NewSession(tw, mux, eventsub.SessionOptions{})
		session.Want(eventsub.StreamOnlineCondition{BroadcasterUserID: ada})
		results, err := session.Subscribe(ctx, follows, raids)
		session.Unwant(raids)
		if err != nil || len(results) == 0 {
			return err
		}
	}
	{
		session := eventsub.NewSession(tw, mux, eventsub.SessionOptions{
			CatchUp:    catchup.New(tw, catchup.Options{}),
			Watermarks: watermarks,
		})
		if err := session.Run(ctx); err != nil {
			return err
		}
	}
	{
		mux := eventsub.NewMux(eventsub.MuxOptions{Inbox: eventsub.NewMemoryInbox(eventsub.MemoryInboxOptions{})})
		eventsub.On(mux, greet)
		hook := eventsub.NewWebhook(tw, mux, eventsub.WebhookOptions{Callback: "https://bot.example.org/eventsub"})
		http.Handle("/eventsub/", hook)
		hook.Want(eventsub.StreamOnlineCondition{BroadcasterUserID: ada})
		err := hook.Run(ctx)
		if err != nil {
			return err
		}
	}
	reply, err := eventsub.WaitFor(ctx, mux, func(e *eventsub.ChannelChatMessage) bool {
		return e.ChatterUserID == asked
	})
	if err != nil || reply == nil {
		return err
	}
	{
		me := larkspur.NewAccount(clientID, clientSecret, store, larkspur.AccountOptions{})
		eventsub.On(me.Mux, greet)
		err := me.Run(ctx)
		return err
	}
}

// channels is the code of docs/guides/many-channels.md.
func (r guideReader) channels(ctx context.Context, mux *eventsub.Mux) error {
	clientID, clientSecret, store, tw, greet, conditions := r.clientID, r.clientSecret, r.store, r.tw, r.greet, r.conditions
	{
		conduit := eventsub.NewConduit(tw, mux, eventsub.ConduitOptions{Name: "mybot", Shards: 2})
		conduit.Want(conditions...)
		err := conduit.Run(ctx)
		if err != nil {
			return err
		}
	}
	{
		conduit := eventsub.NewConduit(tw, mux, eventsub.ConduitOptions{
			Name: "mybot", Shards: 4, Owner: eventsub.NewFileShards("/var/lib/mybot/shards"),
		})
		if err := conduit.Run(ctx); err != nil {
			return err
		}
	}
	app := larkspur.NewConduitApp(clientID, clientSecret, store, larkspur.AppOptions{
		RedirectURI: "https://bot.example/oauth/callback",
		Listen:      "localhost:4343", // behind a proxy
	})
	eventsub.On(app.Mux, greet)
	err := app.Run(ctx)
	return err
}

var _ = []any{guideReader.events, guideReader.channels} // they are compiled, not called

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// The Go code in the guides about events compiles: each line is in a function above.
func TestGuidesCompile(t *testing.T) {
	program, err := os.ReadFile("guide_test.go")
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for line := range strings.Lines(string(program)) {
		have[strings.TrimSpace(line)] = true
	}
	for _, guide := range []string{"events.md", "many-channels.md"} {
		text, err := os.ReadFile("docs/guides/" + guide)
		if err != nil {
			t.Fatal(err)
		}
		blocks := goBlock.FindAllStringSubmatch(string(text), -1)
		if len(blocks) < 3 {
			t.Errorf("%s: got %d blocks of Go", guide, len(blocks))
		}
		for _, block := range blocks {
			for line := range strings.Lines(block[1]) {
				if line = strings.TrimSpace(line); line != "" && !have[line] {
					t.Errorf("%s: the line %q is not in guide_test.go", guide, line)
				}
			}
		}
	}
}
