package api

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func getPinned(c *call) (obj, error) {
	p, ok := c.world.Pinned(c.broadcaster())
	if !ok {
		return data(), nil
	}
	m := p.Message
	return data(obj{
		"message_id": m.ID, "broadcaster_id": m.BroadcasterID,
		"sender_user_id": m.Sender.ID, "sender_user_login": m.Sender.Login, "sender_user_name": m.Sender.DisplayName,
		"pinned_by_user_id": p.By.ID, "pinned_by_user_login": p.By.Login, "pinned_by_user_name": p.By.DisplayName,
		"message":   obj{"text": m.Text, "fragments": every(c.world.Fragments(m), showFragment)},
		"starts_at": stamp(p.StartsAt), "ends_at": stampOrNull(p.EndsAt), "updated_at": stamp(p.UpdatedAt),
	}), nil
}

func showFragment(f world.Fragment) obj {
	o := obj{"type": f.Type, "text": f.Text, "cheermote": nil, "emote": nil, "mention": nil}
	switch f.Type {
	case "cheermote":
		o["cheermote"] = obj{"prefix": f.Prefix, "bits": f.Bits, "tier": f.Tier}
	case "emote":
		o["emote"] = obj{"id": f.EmoteID, "emote_set_id": "0", "owner_id": "0", "format": []string{"static"}}
	case "mention":
		o["mention"] = showWho(f.User)
	}
	return o
}

// stampOrNull is JSON's null for no time.
func stampOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return stamp(t)
}

func (c *call) seconds(name string) time.Duration {
	return time.Duration(c.count(name, 0)) * time.Second
}

func pinMessage(c *call) (obj, error) {
	return nil, c.world.Pin(c.broadcaster(), c.acting(), c.get("message_id"), c.seconds("duration_seconds"))
}

func updatePin(c *call) (obj, error) {
	return nil, c.world.ChangePin(c.broadcaster(), c.acting(), c.get("message_id"), c.seconds("duration_seconds"))
}

func unpinMessage(c *call) (obj, error) {
	return nil, c.world.Unpin(c.broadcaster(), c.acting(), c.get("message_id"))
}
