package push

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// The parts of an event of AutoMod.
type (
	// heldText is chatText of a held message, which knows neither mentions nor
	// owners of emotes.
	heldText struct {
		Text      string         `json:"text"`
		Fragments []heldFragment `json:"fragments"`
	}
	heldFragment struct {
		Type      string     `json:"type"`
		Text      string     `json:"text"`
		Emote     *heldEmote `json:"emote"`
		Cheermote *cheermote `json:"cheermote"`
	}
	heldEmote struct {
		ID    string `json:"id"`
		SetID string `json:"emote_set_id"`
	}
	boundary struct {
		Start int `json:"start_pos"`
		End   int `json:"end_pos"`
	}
	automodReason struct {
		Category   string     `json:"category"`
		Level      int        `json:"level"`
		Boundaries []boundary `json:"boundaries"`
	}
	foundTerm struct {
		ID         string   `json:"term_id"`
		Boundary   boundary `json:"boundary"`
		OwnerID    string   `json:"owner_broadcaster_user_id"`
		OwnerLogin string   `json:"owner_broadcaster_user_login"`
		OwnerName  string   `json:"owner_broadcaster_user_name"`
	}
	termReason struct {
		Found []foundTerm `json:"terms_found"`
	}
	// held is what all events of held messages begin with.
	held struct {
		broadcaster
		user
		MessageID string   `json:"message_id"`
		Message   heldText `json:"message"`
	}
	heldFor1 struct {
		Category string `json:"category"`
		Level    int    `json:"level"`
	}
	heldFor2 struct {
		Reason  string         `json:"reason"`
		AutoMod *automodReason `json:"automod"`
		Terms   *termReason    `json:"blocked_term"`
	}
)

func heldTextOf(w *world.World, m world.ChatMessage) heldText {
	t := heldText{Text: m.Text, Fragments: []heldFragment{}}
	for _, part := range w.Fragments(m) {
		f := heldFragment{Type: part.Type, Text: part.Text, Cheermote: cheermoteOf(part)}
		switch part.Type {
		case "mention":
			f.Type = "text"
		case "emote":
			f.Emote = &heldEmote{part.EmoteID, "0"}
		}
		t.Fragments = append(t.Fragments, f)
	}
	return t
}

func heldOf(w *world.World, b broadcaster, h world.HeldMessage) held {
	return held{b, asUser(h.Message.Sender), h.Message.ID, heldTextOf(w, h.Message)}
}

func reasonOf(b broadcaster, h world.HeldMessage) heldFor2 {
	if h.Terms == nil {
		r := &automodReason{h.Category, h.Level, []boundary{}}
		for _, span := range h.Spans {
			r.Boundaries = append(r.Boundaries, boundary(span))
		}
		return heldFor2{Reason: "automod", AutoMod: r}
	}
	r := &termReason{Found: []foundTerm{}}
	for _, found := range h.Terms {
		r.Found = append(r.Found, foundTerm{found.Term.ID, boundary(found.Span), b.ID, b.Login, b.Name})
	}
	return heldFor2{Reason: "blocked_term", Terms: r}
}

// forSender is an event of a channel for one user only.
func forSender(name string, b broadcaster, u world.User, payload func() any) event {
	return event{
		kind:    eventsub.Type{Name: name, Version: "1"},
		keys:    keys{"broadcaster_user_id": b.ID, "user_id": u.ID},
		payload: payload,
	}
}

// messageHeld is for moderators in two versions, and for the sender. The first
// version knows no blocked terms.
func messageHeld(w *world.World, b broadcaster, f *world.MessageHeld) []event {
	h := f.Held
	all := []event{
		inChannel("automod.message.hold", "2", b, func() any {
			return struct {
				held
				HeldAt time.Time `json:"held_at"`
				heldFor2
			}{heldOf(w, b, h), h.HeldAt, reasonOf(b, h)}
		}),
		forSender("channel.chat.user_message_hold", b, h.Message.Sender, func() any { return heldOf(w, b, h) }),
	}
	if h.Terms != nil {
		return all
	}
	return append(all, inChannel("automod.message.hold", "1", b, func() any {
		return struct {
			held
			heldFor1
			HeldAt time.Time `json:"held_at"`
		}{heldOf(w, b, h), heldFor1{h.Category, h.Level}, h.HeldAt}
	}))
}

func heldResolved(w *world.World, b broadcaster, f *world.HeldMessageResolved) []event {
	h := f.Held
	all := []event{
		inChannel("automod.message.update", "2", b, func() any {
			return struct {
				held
				moderator
				Status string    `json:"status"`
				HeldAt time.Time `json:"held_at"`
				heldFor2
			}{heldOf(w, b, h), asModerator(f.Moderator), f.Status, h.HeldAt, reasonOf(b, h)}
		}),
		forSender("channel.chat.user_message_update", b, h.Message.Sender, func() any {
			status := f.Status
			if status == "expired" {
				status = "invalid"
			}
			return struct {
				held
				Status string `json:"status"`
			}{heldOf(w, b, h), status}
		}),
	}
	if h.Terms != nil {
		return all
	}
	return append(all, inChannel("automod.message.update", "1", b, func() any {
		return struct {
			held
			moderator
			heldFor1
			Status string    `json:"status"`
			HeldAt time.Time `json:"held_at"`
		}{heldOf(w, b, h), asModerator(f.Moderator), heldFor1{h.Category, h.Level}, f.Status, h.HeldAt}
	}))
}

func automodChanged(b broadcaster, f *world.AutoModChanged) event {
	return inChannel("automod.settings.update", "1", b, func() any {
		s := f.Settings
		return struct {
			broadcaster
			moderator
			Bullying   int  `json:"bullying"`
			Overall    *int `json:"overall_level"`
			Disability int  `json:"disability"`
			Race       int  `json:"race_ethnicity_or_religion"`
			Misogyny   int  `json:"misogyny"`
			Sexuality  int  `json:"sexuality_sex_or_gender"`
			Aggression int  `json:"aggression"`
			SexTerms   int  `json:"sex_based_terms"`
			Swearing   int  `json:"swearing"`
		}{
			b, asModerator(f.Moderator), s.Bullying, orNull(s.Overall), s.Disability, s.Race,
			s.Misogyny, s.Sexuality, s.Aggression, s.SexTerms, s.Swearing,
		}
	})
}

func termsAction(f *world.TermsChanged) string {
	if f.Added {
		return "add_blocked"
	}
	return "remove_blocked"
}

func termsChanged(b broadcaster, f *world.TermsChanged) event {
	return inChannel("automod.terms.update", "1", b, func() any {
		return struct {
			broadcaster
			moderator
			Action      string   `json:"action"`
			FromAutoMod bool     `json:"from_automod"`
			Terms       []string `json:"terms"`
		}{b, asModerator(f.Moderator), termsAction(f), false, f.Terms}
	})
}
