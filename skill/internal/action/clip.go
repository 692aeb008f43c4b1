package action

import (
	"context"

	"github.com/larkspur-dev/larkspur/helix"
)

var clip = Action{
	Name: "clip", Class: ClassChannel, Short: "say",
	About:     "Makes a clip of the last seconds of a stream, and says its address.",
	Example:   "'Here it is: {clip.url}'",
	Endpoints: []string{"create-clip", "get-clips", "send-chat-message"},
	Fields: []Field{
		{Name: "channel", Kind: KindUser, About: "whose stream; this channel by default"},
		{Name: "say", Kind: KindMessage, Default: "{clip.url}", About: "what to say when the clip is there; false for nothing"},
	},
	Result: "clip", Say: "{clip.url}",
	Outcome: []Attr{
		{"id", KindText, "the id of the clip"},
		{"url", KindText, "the address to watch it at"},
		{"edit_url", KindText, "the address to edit it at, for the account that made it"},
	},
	Detail: func(e Effect) string { return e.String("channel") },
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		channel, err := t.channelID(ctx, e, "channel")
		if err != nil {
			return nil, err
		}
		c, err := t.asBot().Clips.CreateAndWait(ctx, helix.CreateClipParams{BroadcasterID: channel})
		if err != nil {
			return nil, err
		}
		return map[string]any{"id": c.ID, "url": c.URL, "edit_url": c.URL + "/edit"}, nil
	},
}
