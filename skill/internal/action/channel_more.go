package action

import (
	"context"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

var category = Action{
	Name: "category", Class: ClassChannel, Short: "name",
	About:     "Changes the category of the channel.",
	Example:   "'{args}'",
	Endpoints: []string{"modify-channel-information", "get-games", "search-categories"},
	Fields:    []Field{{Name: "name", Kind: KindText, Required: true, Length: 140, About: "the name of a category, or its beginning; or an id"}},
	Result:    "category", Outcome: []Attr{{"id", KindText, "the id of the category"}, {"name", KindText, "its name, as Twitch writes it"}},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		id, name, err := t.findCategory(ctx, e.Text("name"))
		if err != nil {
			return nil, err
		}
		err = t.Client.Channels.Modify(ctx, helix.ModifyChannelInformationParams{BroadcasterID: t.Broadcaster.ID, GameID: &id})
		return map[string]any{"id": id, "name": name}, err
	},
}

// findCategory finds a category by its name, its id, or what a search finds first.
func (t *Twitch) findCategory(ctx context.Context, text string) (id, name string, err error) {
	game, err := t.Client.Games.ByName(ctx, text)
	if err == nil {
		return game.ID, game.Name, nil
	}
	if strings.Trim(text, "0123456789") == "" {
		if game, err := t.Client.Games.ByID(ctx, text); err == nil {
			return game.ID, game.Name, nil
		}
	}
	found, searchErr := t.Client.Search.Categories(ctx, helix.SearchCategoriesParams{Query: text})
	if searchErr != nil {
		return "", "", searchErr
	}
	for _, c := range found.Items {
		if strings.HasPrefix(strings.ToLower(c.Name), strings.ToLower(text)) {
			return c.ID, c.Name, nil
		}
	}
	if len(found.Items) > 0 {
		return found.Items[0].ID, found.Items[0].Name, nil
	}
	return "", "", err
}

var tags = Action{
	Name: "tags", Class: ClassChannel, Short: "tags",
	About:     "Changes the tags of the channel.",
	Example:   "[Deutsch, Chess]",
	Endpoints: []string{"modify-channel-information"},
	Fields:    []Field{{Name: "tags", Kind: KindTexts, Required: true, Max: 10, Length: 25, About: "the tags: letters and digits, at most 10"}},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		list := e.Texts("tags")
		return nil, t.Client.Channels.Modify(ctx, helix.ModifyChannelInformationParams{BroadcasterID: t.Broadcaster.ID, Tags: list})
	},
}

var marker = Action{
	Name: "marker", Class: ClassChannel, Short: "text",
	About:     "Marks this moment of the stream, for its recording.",
	Example:   "'{args}'",
	Endpoints: []string{"create-stream-marker"},
	Fields:    []Field{{Name: "text", Kind: KindText, Length: 140, About: "what happened"}},
	Result:    "marker", Outcome: []Attr{{"id", KindText, "the id of the marker"}, {"seconds", KindInt, "how long the stream had been live"}},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		m, err := t.Client.As(t.Broadcaster.ID).Streams.CreateMarker(ctx, helix.CreateStreamMarkerParams{UserID: t.Broadcaster.ID, Description: e.Text("text")})
		if err != nil {
			return nil, err
		}
		return map[string]any{"id": m.ID, "seconds": m.PositionSeconds}, nil
	},
}

var raid = Action{
	Name: "raid", Class: ClassChannel, Short: "user",
	About:     "Takes the viewers to another channel, after the wait that Twitch shows.",
	Example:   "'{who}'",
	Endpoints: []string{"start-a-raid"},
	Fields:    []Field{{Name: "user", Kind: KindUser, Required: true, About: "whose channel: a login or an id"}},
	Do: onUser(func(ctx context.Context, t *Twitch, id string, _ Effect) error {
		_, err := t.Client.Raids.Start(ctx, helix.StartARaidParams{FromBroadcasterID: t.Broadcaster.ID, ToBroadcasterID: id})
		return err
	}),
}

var cancelRaid = Action{
	Name: "cancel-raid", Class: ClassChannel,
	About:     "Cancels a raid that has not begun.",
	Endpoints: []string{"cancel-a-raid"},
	Do: func(ctx context.Context, t *Twitch, _ Effect) (map[string]any, error) {
		return nil, t.Client.Raids.Cancel(ctx, helix.CancelARaidParams{BroadcasterID: t.Broadcaster.ID})
	},
}

var commercial = Action{
	Name: "commercial", Class: ClassChannel, Short: "for",
	About:     "Shows commercials.",
	Example:   "60s",
	Endpoints: []string{"start-commercial"},
	Fields:    []Field{{Name: "for", Kind: KindDuration, Default: "30s", Shortest: 30 * time.Second, Longest: 3 * time.Minute, About: "how long"}},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		_, err := t.Client.Ads.StartCommercial(ctx, helix.StartCommercialParams{BroadcasterID: t.Broadcaster.ID, Length: e.Seconds("for")})
		return nil, err
	},
}

var snooze = Action{
	Name: "snooze", Class: ClassChannel,
	About:     "Puts off the next scheduled commercials by five minutes.",
	Endpoints: []string{"snooze-next-ad"},
	Do: func(ctx context.Context, t *Twitch, _ Effect) (map[string]any, error) {
		_, err := t.Client.Ads.SnoozeNextAd(ctx, helix.SnoozeNextAdParams{BroadcasterID: t.Broadcaster.ID})
		return nil, err
	},
}
