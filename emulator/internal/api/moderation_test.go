package api_test

import (
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// goodModeration are the rows of good for what moderators do.
var goodModeration = []row{
	{"check-automod-status", "ada", `POST /moderation/enforcements/status?broadcaster_id={ada} {"data":[{"msg_id":"1","msg_text":"hi"}]}`, `{"is_permitted":true,"msg_id":"1"}`},
	{"manage-held-automod-messages", "mod", `POST /moderation/automod/message {"user_id":"{mod}","msg_id":"{held}","action":"ALLOW"}`, ``},
	{"get-automod-settings", "mod", `GET /moderation/automod/settings?broadcaster_id={ada}&moderator_id={mod}`, `"overall_level":null`},
	{"update-automod-settings", "mod", `PUT /moderation/automod/settings?broadcaster_id={ada}&moderator_id={mod} {"overall_level":3}`, `"bullying":2`},
	{"get-unban-requests", "mod", `GET /moderation/unban_requests?broadcaster_id={ada}&moderator_id={mod}&status=pending`, `"text":"sorry"`},
	{"resolve-unban-requests", "mod", `PATCH /moderation/unban_requests?broadcaster_id={ada}&moderator_id={mod}&unban_request_id={request}&status=approved`, `"status":"approved"`},
	{"get-blocked-terms", "mod", `GET /moderation/blocked_terms?broadcaster_id={ada}&moderator_id={mod}`, `"text":"crackers"`},
	{"add-blocked-term", "mod", `POST /moderation/blocked_terms?broadcaster_id={ada}&moderator_id={mod} {"text":"crac*"}`, `"text":"crac*"`},
	{"remove-blocked-term", "mod", `DELETE /moderation/blocked_terms?broadcaster_id={ada}&moderator_id={mod}&id={term}`, ``},
	{"update-shield-mode-status", "mod", `PUT /moderation/shield_mode?broadcaster_id={ada}&moderator_id={mod} {"is_active":true}`, `"is_active":true`},
	{"get-shield-mode-status", "mod", `GET /moderation/shield_mode?broadcaster_id={ada}&moderator_id={mod}`, `"last_activated_at":null`},
	{"warn-chat-user", "mod", `POST /moderation/warnings?broadcaster_id={ada}&moderator_id={mod} {"data":{"user_id":"{grace}","reason":"no"}}`, `"reason":"no"`},
	{"add-suspicious-status-to-chat-user", "mod", `POST /moderation/suspicious_users?broadcaster_id={ada}&moderator_id={mod} {"user_id":"{grace}","status":"RESTRICTED"}`, `"types":["MANUALLY_ADDED"]`},
	{"remove-suspicious-status-from-chat-user", "mod", `DELETE /moderation/suspicious_users?broadcaster_id={ada}&moderator_id={mod}&user_id={grace}`, `"status":"NO_TREATMENT"`},
}

// prepareModeration makes what an endpoint needs to be there.
func (d *desk) prepareModeration(endpoint string) {
	w, ada := d.world, d.ada.ID
	switch endpoint {
	case "manage-held-automod-messages":
		_, err := w.AddBlockedTerm(ada, ada, "crackers")
		d.ok(err)
		_, _ = w.PostChat(world.Post{BroadcasterID: ada, SenderID: d.grace.ID, Text: "Crackers!"})
		d.names["{held}"] = w.HeldMessages(ada)[0].Message.ID
	case "get-unban-requests", "resolve-unban-requests":
		_, err := w.Ban(ada, ada, d.nobody.ID, 0, "")
		d.ok(err)
		r, err := w.RequestUnban(ada, d.nobody.ID, "sorry")
		d.ok(err)
		d.names["{request}"] = r.ID
	case "get-blocked-terms", "remove-blocked-term":
		term, err := w.AddBlockedTerm(ada, ada, "crackers")
		d.ok(err)
		d.names["{term}"] = term.ID
	}
}

func (d *desk) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}
