package push

import (
	"time"
	"unicode/utf8"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

const automaticReward = "channel.channel_points_automatic_reward_redemption.add"

type unlockedEmote struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func unlocked(e *world.ChannelEmote) *unlockedEmote {
	if e == nil {
		return nil
	}
	return &unlockedEmote{e.ID, e.Name}
}

// automaticRedeemed is version 2 of the event.
func automaticRedeemed(w *world.World, b broadcaster, f *world.AutomaticRedeemed) event {
	type reward struct {
		Type   string         `json:"type"`
		Points int            `json:"channel_points"`
		Emote  *unlockedEmote `json:"emote"`
	}
	type emoteID struct {
		ID string `json:"id"`
	}
	type fragment struct {
		Text  string   `json:"text"`
		Type  string   `json:"type"`
		Emote *emoteID `json:"emote"`
	}
	type message struct {
		Text      string     `json:"text"`
		Fragments []fragment `json:"fragments"`
	}
	return inChannel(automaticReward, "2", b, func() any {
		var m *message
		if f.Message != nil {
			m = &message{Text: f.Message.Text}
			for _, part := range w.Fragments(*f.Message) {
				one := fragment{Text: part.Text, Type: "text"} // there are only two types here
				if part.Type == "emote" {
					one.Type, one.Emote = part.Type, &emoteID{part.EmoteID}
				}
				m.Fragments = append(m.Fragments, one)
			}
		}
		return struct {
			ID string `json:"id"`
			broadcaster
			user
			Reward     reward    `json:"reward"`
			Message    *message  `json:"message"`
			RedeemedAt time.Time `json:"redeemed_at"`
		}{f.ID, b, asUser(f.User), reward{string(f.Reward), f.Cost, unlocked(f.Emote)}, m, f.RedeemedAt}
	})
}

// automaticRedeemedV1 is version 1 of the event.
func automaticRedeemedV1(w *world.World, b broadcaster, f *world.AutomaticRedeemed) event {
	type reward struct {
		Type  string         `json:"type"`
		Cost  int            `json:"cost"`
		Emote *unlockedEmote `json:"unlocked_emote"`
	}
	type position struct {
		ID    string `json:"id"`
		Begin int    `json:"begin"`
		End   int    `json:"end"`
	}
	type message struct {
		Text   string     `json:"text"`
		Emotes []position `json:"emotes"`
	}
	return inChannel(automaticReward, "1", b, func() any {
		m := message{Emotes: []position{}}
		var input *string
		if f.Message != nil {
			m.Text, input = f.Message.Text, &f.Message.Text
			begin := 0 // in code points
			for _, part := range w.Fragments(*f.Message) {
				end := begin + utf8.RuneCountInString(part.Text)
				if part.Type == "emote" {
					m.Emotes = append(m.Emotes, position{part.EmoteID, begin, end - 1})
				}
				begin = end
			}
		}
		return struct {
			ID string `json:"id"`
			broadcaster
			user
			Reward     reward    `json:"reward"`
			Message    message   `json:"message"`
			Input      *string   `json:"user_input"`
			RedeemedAt time.Time `json:"redeemed_at"`
		}{f.ID, b, asUser(f.User), reward{string(f.Reward), f.Cost, unlocked(f.Emote)}, m, input, f.RedeemedAt}
	})
}
