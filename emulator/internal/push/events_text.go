package push

import "github.com/larkspur-dev/larkspur/emulator/internal/world"

// The parts of a message's text.
type (
	chatText struct {
		Text      string         `json:"text"`
		Fragments []chatFragment `json:"fragments"`
	}
	chatFragment struct {
		Type      string     `json:"type"`
		Text      string     `json:"text"`
		Cheermote *cheermote `json:"cheermote"`
		Emote     *emote     `json:"emote"`
		Mention   *user      `json:"mention"`
	}
	// bitsText is chatText in channel.bits.use, which knows no mentions.
	bitsText struct {
		Text      string         `json:"text"`
		Fragments []bitsFragment `json:"fragments"`
	}
	bitsFragment struct {
		Text      string     `json:"text"`
		Type      string     `json:"type"`
		Emote     *emote     `json:"emote"`
		Cheermote *cheermote `json:"cheermote"`
	}
	cheermote struct {
		Prefix string `json:"prefix"`
		Bits   int    `json:"bits"`
		Tier   int    `json:"tier"`
	}
	emote struct {
		ID      string   `json:"id"`
		SetID   string   `json:"emote_set_id"`
		OwnerID string   `json:"owner_id"`
		Format  []string `json:"format"`
	}
)

func chatTextOf(w *world.World, m world.ChatMessage) chatText {
	t := chatText{Text: m.Text, Fragments: []chatFragment{}}
	for _, part := range w.Fragments(m) {
		f := chatFragment{Type: part.Type, Text: part.Text, Emote: emoteOf(part), Cheermote: cheermoteOf(part)}
		if part.Type == "mention" {
			f.Mention = new(asUser(part.User))
		}
		t.Fragments = append(t.Fragments, f)
	}
	return t
}

func bitsTextOf(w *world.World, m world.ChatMessage) bitsText {
	t := bitsText{Text: m.Text, Fragments: []bitsFragment{}}
	for _, part := range w.Fragments(m) {
		f := bitsFragment{Type: part.Type, Text: part.Text, Emote: emoteOf(part), Cheermote: cheermoteOf(part)}
		if part.Type == "mention" {
			f.Type = "text"
		}
		t.Fragments = append(t.Fragments, f)
	}
	return t
}

func emoteOf(f world.Fragment) *emote {
	if f.Type != "emote" {
		return nil
	}
	return &emote{ID: f.EmoteID, SetID: "0", OwnerID: "0", Format: []string{"static"}}
}

func cheermoteOf(f world.Fragment) *cheermote {
	if f.Type != "cheermote" {
		return nil
	}
	return &cheermote{f.Prefix, f.Bits, f.Tier}
}

type badge struct {
	SetID string `json:"set_id"`
	ID    string `json:"id"`
	Info  string `json:"info"`
}

func badgesOf(badges []world.Badge) []badge {
	all := make([]badge, len(badges))
	for i, b := range badges {
		all[i] = badge(b)
	}
	return all
}
