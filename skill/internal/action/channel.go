package action

import (
	"context"

	"github.com/larkspur-dev/larkspur/helix"
)

var title = Action{
	Name: "title", Class: ClassChannel, Short: "text",
	About:     "Changes the title of the channel.",
	Example:   "'{title}'",
	Endpoints: []string{"modify-channel-information"},
	Fields: []Field{
		{Name: "text", Kind: KindText, Required: true, Length: 140, About: "the new title"},
	},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		text := e.Text("text")
		return nil, t.Client.Channels.Modify(ctx, helix.ModifyChannelInformationParams{BroadcasterID: t.Broadcaster.ID, Title: &text})
	},
}
