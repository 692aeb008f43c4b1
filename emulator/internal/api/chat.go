package api

import (
	"net/http"
	"slices"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func sendMessage(c *call) (obj, error) {
	if _, err := c.user("broadcaster_id"); err != nil {
		return nil, err
	}
	m, err := c.world.PostChat(world.Post{
		BroadcasterID: c.broadcaster(), SenderID: c.get("sender_id"), Text: c.get("message"), ReplyTo: c.get("reply_parent_message_id"),
	})
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
	return nil, c.world.Announce(c.broadcaster(), c.acting(), c.get("message"), c.get("color"))
}

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

func getGlobalEmotes(*call) (obj, error) {
	answer := data(every(world.GlobalEmotes(), func(e world.Emote) obj {
		url := "https://static-cdn.jtvnw.net/emoticons/v2/" + e.ID + "/static/light/"
		return obj{
			"id": e.ID, "name": e.Name, "images": obj{"url_1x": url + "1.0", "url_2x": url + "2.0", "url_4x": url + "3.0"},
			"format": []string{"static"}, "scale": []string{"1.0", "2.0", "3.0"}, "theme_mode": []string{"light", "dark"},
		}
	})...)
	answer["template"] = "https://static-cdn.jtvnw.net/emoticons/v2/{{id}}/{{format}}/{{theme_mode}}/{{scale}}"
	return answer, nil
}

func getBitsLeaderboard(c *call) (obj, error) {
	type row struct {
		user world.User
		bits int
	}
	var rows []row
	for u, bits := range c.world.Bits(c.grant.UserID) {
		rows = append(rows, row{u, bits})
	}
	total := len(rows)
	if id := c.query.Get("user_id"); id != "" {
		rows = slices.DeleteFunc(rows, func(r row) bool { return r.user.ID != id })
	}
	items := []obj{}
	for i, r := range rows[:min(len(rows), c.count("count", 10))] {
		o := showWho(r.user)
		o["rank"], o["score"] = i+1, r.bits
		items = append(items, o)
	}
	answer := data(items...)
	answer["date_range"] = obj{"started_at": "", "ended_at": ""}
	answer["total"] = total
	return answer, nil
}
