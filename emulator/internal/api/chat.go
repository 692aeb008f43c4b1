package api

import (
	"net/http"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func sendMessage(c *call) (obj, error) {
	if _, err := c.user("broadcaster_id"); err != nil {
		return nil, err
	}
	p := world.Post{BroadcasterID: c.broadcaster(), SenderID: c.get("sender_id"), ReplyTo: c.get("reply_parent_message_id"), SourceOnly: c.sourceOnly()}
	p.Text, p.Action = strings.CutPrefix(c.get("message"), "/me ") // the only command that is left
	m, err := c.world.PostChat(p)
	d, dropped := world.Dropped(err)
	switch {
	case dropped && (d.Code == "msg_banned" || d.Code == "msg_timedout"):
		return nil, forbidden("The sender is not permitted to send chat messages to the broadcaster's chat room.")
	case dropped && d.Code == "msg_ratelimit":
		return nil, &world.Error{Status: http.StatusTooManyRequests, Message: d.Text}
	case dropped:
		return data(obj{"message_id": "", "is_sent": false, "drop_reason": obj{"code": d.Code, "message": d.Text}}), nil
	case err != nil:
		return nil, err
	}
	return data(obj{"message_id": m.ID, "is_sent": true}), nil
}

func announce(c *call) (obj, error) {
	return nil, c.world.AnnounceIn(c.broadcaster(), c.acting(), c.get("message"), c.get("color"), c.sourceOnly())
}

// sourceOnly reports whether a message is not for the channels that share the chat: with an
// app token, unless it says otherwise.
func (c *call) sourceOnly() bool { return c.grant.IsApp() && c.get("for_source_only") != "false" }

func shoutout(c *call) (obj, error) {
	return nil, c.world.Shoutout(c.get("from_broadcaster_id"), c.acting(), c.get("to_broadcaster_id"))
}

func getChatters(c *call) (obj, error) {
	all := c.world.Chatters(c.broadcaster())
	answer, err := page(c, all, userID, showWho)
	if err != nil {
		return nil, err
	}
	answer["total"] = len(all)
	return answer, nil
}

func getColors(c *call) (obj, error) {
	items := []obj{}
	for _, id := range c.query["user_id"] {
		if u, ok := c.world.UserByID(id); ok {
			o := showWho(u)
			o["color"] = u.Color
			items = append(items, o)
		}
	}
	return data(items...), nil
}

func setColor(c *call) (obj, error) { return nil, c.world.SetColor(c.grant.UserID, c.get("color")) }
