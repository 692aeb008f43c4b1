package action

import (
	"context"

	"github.com/larkspur-dev/larkspur/helix"
)

// userField is a user who is not the author of the message by default.
var userField = Field{Name: "user", Kind: KindUser, Required: true, About: "a login or an id"}

var unban = Action{
	Name: "unban", Class: ClassModeration, Short: "user",
	About:     "Ends a ban or a timeout.",
	Example:   "'{who}'",
	Endpoints: []string{"unban-user"},
	Fields:    []Field{userField},
	Do:        onUser(func(ctx context.Context, t *Twitch, id string, _ Effect) error { return t.room().Unban(ctx, id) }),
}

var warn = Action{
	Name: "warn", Class: ClassModeration,
	About:     "Warns a user, who cannot write until they have agreed.",
	Example:   "{user: '{event.user_id}', reason: stay kind}",
	Endpoints: []string{"warn-chat-user"},
	Fields: []Field{
		{Name: "user", Kind: KindUser, Required: true, From: FromAuthor, About: "a login or an id"},
		{Name: "reason", Kind: KindText, Required: true, Length: maxReason, About: "what the user reads"},
	},
	Detail: func(e Effect) string { return e.String("user") },
	Do: onUser(func(ctx context.Context, t *Twitch, id string, e Effect) error {
		return t.room().Warn(ctx, id, e.Text("reason"))
	}),
}

var clearChat = Action{
	Name: "clear", Class: ClassModeration,
	About:     "Removes all messages from the chat.",
	Endpoints: []string{"delete-chat-messages"},
	Do: func(ctx context.Context, t *Twitch, _ Effect) (map[string]any, error) {
		return nil, t.room().Clear(ctx)
	},
}

// heldMessage is the field of a message that AutoMod holds.
var heldMessage = Field{
	Name: "message", Kind: KindText, Required: true, From: FromHeld, About: "the id of the held message",
	Absent: "there is no held message; give its id, as event.message_id of automod.message.hold",
}

var approve = Action{
	Name: "approve", Class: ClassModeration, Short: "message",
	About:     "Lets a message through that AutoMod holds.",
	Example:   "'{event.message_id}'",
	Endpoints: []string{"manage-held-automod-messages"},
	Fields:    []Field{heldMessage},
	Do:        held("ALLOW"),
}

var deny = Action{
	Name: "deny", Class: ClassModeration, Short: "message",
	About:     "Refuses a message that AutoMod holds.",
	Example:   "'{event.message_id}'",
	Endpoints: []string{"manage-held-automod-messages"},
	Fields:    []Field{heldMessage},
	Do:        held("DENY"),
}

// held returns the Do of an action on a held message.
func held(what string) func(context.Context, *Twitch, Effect) (map[string]any, error) {
	return func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		return nil, t.Client.Moderation.ManageHeldMessage(ctx, helix.ManageHeldAutoModMessagesParams{UserID: t.Bot.ID, MessageID: e.Text("message"), Action: helix.HeldMessageAction(what)})
	}
}

// unbanRequest are the fields of a decision about a request to be unbanned.
var unbanRequest = []Field{
	{Name: "request", Kind: KindText, Required: true, About: "the id of the request: event.id of channel.unban_request.create"},
	{Name: "text", Kind: KindText, Length: 500, About: "what the user reads"},
}

var approveUnban = Action{
	Name: "approve-unban", Class: ClassModeration, Short: "request",
	About:     "Grants a request to be unbanned.",
	Example:   "'{event.id}'",
	Endpoints: []string{"resolve-unban-requests"},
	Fields:    unbanRequest,
	Do:        resolveUnban("approved"),
}

var denyUnban = Action{
	Name: "deny-unban", Class: ClassModeration, Short: "request",
	About:     "Refuses a request to be unbanned.",
	Example:   "'{event.id}'",
	Endpoints: []string{"resolve-unban-requests"},
	Fields:    unbanRequest,
	Do:        resolveUnban("denied"),
}

func resolveUnban(status string) func(context.Context, *Twitch, Effect) (map[string]any, error) {
	return func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		_, err := t.Client.Moderation.ResolveUnbanRequest(ctx, helix.ResolveUnbanRequestsParams{
			BroadcasterID: t.Broadcaster.ID, ModeratorID: t.Bot.ID, UnbanRequestID: e.Text("request"),
			Status: helix.UnbanRequestStatus(status), ResolutionText: e.Text("text"),
		})
		return nil, err
	}
}
