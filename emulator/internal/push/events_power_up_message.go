package push

import "github.com/larkspur-dev/larkspur/emulator/internal/world"

// powerUpMessageBits is the event of Bits for a message that stands out.
func powerUpMessageBits(w *world.World, b broadcaster, f *world.PowerUpMessage) event {
	type emote struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	type powerUp struct {
		Type   string  `json:"type"`
		Emote  *emote  `json:"emote"`
		Effect *string `json:"message_effect_id"`
	}
	return inChannel("channel.bits.use", "1", b, func() any {
		p := powerUp{Type: string(f.Kind), Effect: orNull(f.Message.AnimationID())}
		for _, part := range w.Fragments(f.Message) {
			if part.Type == "emote" && f.Kind == world.GigantifyEmote { // the last one grows
				p.Emote = &emote{part.EmoteID, part.Text}
			}
		}
		return struct {
			broadcaster
			user
			Bits          int      `json:"bits"`
			Type          string   `json:"type"`
			Message       bitsText `json:"message"`
			PowerUp       powerUp  `json:"power_up"`
			CustomPowerUp *string  `json:"custom_power_up"`
		}{b, asUser(f.User), f.Bits, "power_up", bitsTextOf(w, f.Message), p, nil}
	})
}
