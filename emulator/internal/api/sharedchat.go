package api

import "github.com/larkspur-dev/larkspur/emulator/internal/world"

func getSharedChat(c *call) (obj, error) {
	b, err := c.user("broadcaster_id")
	if err != nil {
		return nil, err
	}
	s, ok := c.world.SharedChatOf(b.ID)
	if !ok {
		return data(), nil
	}
	return data(obj{
		"session_id": s.ID, "host_broadcaster_id": s.Host.ID,
		"participants": every(s.Participants, func(u world.User) obj { return obj{"broadcaster_id": u.ID} }),
		"created_at":   stamp(s.CreatedAt), "updated_at": stamp(s.UpdatedAt),
	}), nil
}
