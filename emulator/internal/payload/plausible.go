package payload

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// A Person is a user.
type Person struct{ ID, Login, Name string }

// People are the users in an event, and the ids that it is about.
type People struct {
	Channel   Person // the broadcaster
	User      Person // who does something, or to whom it happens
	Moderator Person
	Other     Person // a second user, where there are two
	ClientID  string

	// Known are ids that a subscription asks for, by the name of the condition's field, such
	// as reward_id.
	Known map[string]string
}

// Plausible returns an event as Twitch would send it, with the assigned values. An error
// is about an assignment.
func (s *Schema) Plausible(people People, set []Assignment, seed uint64) (*Object, error) {
	g := &plausible{
		Rand: rand.New(rand.NewPCG(seed, 0x7472696767)), //nolint:gosec // reproducible on purpose
		of:   s, people: people, fixed: map[string]string{}, now: time.Now().UTC(),
	}
	for _, a := range set {
		g.fixed[a.path()] = a.Value
	}
	event := g.object(s.Fields, "")
	for _, a := range set {
		if err := g.assign(event, a); err != nil {
			return nil, err
		}
	}
	return event, nil
}

// plausible makes one event.
type plausible struct {
	*rand.Rand
	of     *Schema
	people People
	fixed  map[string]string // what will be assigned, by path
	now    time.Time
}

// object makes the object at a path, which ends with a dot unless it is the event.
func (g *plausible) object(fields []*Field, at string) *Object {
	kind := g.discriminator(fields, at)
	o := &Object{}
	for _, f := range fields {
		switch {
		case skipped[f.Name]:
		case (f.Nullable || f.Optional) && !g.present(f, kind):
			if f.Nullable {
				o.set(f.Name, nil)
			}
		case f.List:
			list := make([]any, lengthOf(f))
			for i := range list {
				list[i] = g.value(f, fmt.Sprintf("%s%s.%d", at, f.Name, i), o)
			}
			o.set(f.Name, list)
		default:
			o.set(f.Name, g.value(f, at+f.Name, o))
		}
	}
	return o
}

// skipped are fields that only old examples have.
var skipped = map[string]bool{"sub_plan": true}

// discriminator returns the value that decides which of the optional objects are present.
func (g *plausible) discriminator(fields []*Field, at string) string {
	for _, name := range []string{"notice_type", "action", "reason", "type", "method"} {
		if f := named(fields, name); f != nil && len(f.Values) > 0 && !f.List {
			return g.text(f, at+name, nil)
		}
	}
	return ""
}

// decides are the optional fields that a discriminator's value brings, where they do not have
// its name.
var decides = map[string]string{
	"add_blocked_term": "automod_terms", "add_permitted_term": "automod_terms",
	"remove_blocked_term": "automod_terms", "remove_permitted_term": "automod_terms",
	"approve_unban_request": "unban_request", "deny_unban_request": "unban_request",
	"blocked_link": "blocked_term", "webhook": "callback",
	"chosen_sub_emote_unlock": "emote", "chosen_modified_sub_emote_unlock": "emote", "gigantify_an_emote": "emote",
	"message_effect": "message_effect_id",
}

// absent are the fields that are usually null or absent.
var absent = map[string]bool{
	"cheer": true, "reply": true, "image": true, "unlocked_emote": true, "shared_train_participants": true, "shared_ban_channel_ids": true,
	"community_gift_id": true, "is_source_only": true, "channel_points_animation_id": true, "channel_points_custom_reward_id": true,
	"cooldown_expires_at": true, "redemptions_redeemed_current_stream": true, "callback": true, "message_effect_id": true,
}

// present reports whether a field that may be null or absent is there.
func (g *plausible) present(f *Field, kind string) bool {
	begins := strings.HasSuffix(g.of.Type.Name, ".begin")
	switch {
	case f.Name == kind || f.Name == decides[kind]:
		return true
	case f.Optional && begins && f.Kind == "integer", f.Name == "top_predictors" && begins: // nobody voted yet
		return false
	case f.Name == "channel_points_won": // known at the end
		return g.of.Type.Name == "channel.prediction.end"
	case strings.HasPrefix(f.Name, "follower_mode_") || strings.HasPrefix(f.Name, "slow_mode_"): // both modes are off
		return false
	case f.Name == "ends_at": // of a ban; only a timeout ends
		return false
	case strings.HasPrefix(f.Name, "source_") || strings.HasPrefix(f.Name, "gifter_") || absent[f.Name]:
		return false
	case f.Kind == "object" && !f.List:
		return f.Name == "message"
	}
	return true
}

// lengthOf returns how many elements a list gets.
func lengthOf(f *Field) int {
	switch f.Name {
	case "choices", "outcomes", "top_contributions", "participants":
		return 2
	case "content_classification_labels", "emotes":
		return 0
	}
	return 1
}

// value makes one value; siblings are those before it in its object.
func (g *plausible) value(f *Field, at string, siblings *Object) any {
	switch f.Kind {
	case "object":
		return g.object(f.Fields, at+".")
	case "boolean":
		return truths[f.Name] && (len(f.Values) == 0 || f.Values[0] == "true")
	case "integer":
		return g.number(f, at)
	case "time":
		return g.time(f)
	case "uri":
		return "https://static-cdn.example.com/" + strings.ReplaceAll(f.Name, "_", "-") + ".png"
	case "color":
		return "#9146FF"
	}
	return g.text(f, at, siblings)
}

// truths are the booleans that are usually true.
var truths = map[string]bool{
	"is_enabled": true, "is_in_stock": true, "is_permanent": true, "is_approved": true, "is_achieved": true, "email_verified": true,
	"host_audio_enabled": true, "host_video_enabled": true, "is_moderator_send_live_enabled": true, "is_browser_source_audio_enabled": true,
}

// numbers are usual values.
var numbers = map[string]int{
	"bits": 100, "viewers": 42, "viewer_count": 42, "total": 5, "cumulative_total": 12, "months": 3, "cumulative_months": 12,
	"streak_months": 3, "duration_months": 1, "level": 2, "tier": 1, "cost": 500, "channel_points": 500, "channel_points_used": 500,
	"channel_points_won": 900, "users": 7, "bits_votes": 0, "channel_points_votes": 4, "votes": 10, "amount_per_vote": 10,
	"value": 1050, "decimal_place": 2, "decimal_places": 2, "seconds": 60, "duration_seconds": 60, "progress": 800, "goal": 1000,
	"current_amount": 30, "target_amount": 100, "begin": 0, "end": 4, "start_pos": 0, "end_pos": 4, "wait_time_seconds": 30,
	"slow_mode_wait_time_seconds": 30, "follow_duration_minutes": 10, "follower_mode_duration_minutes": 10, "host_volume": 100,
	"slot_count": 4, "streak_count": 3, "channel_points_awarded": 450, "recipient_count": 5, "all_time_high_level": 5,
	"all_time_high_total": 12345,
}

func (g *plausible) number(f *Field, at string) int {
	if len(f.Values) == 1 { // a constant
		return 0
	}
	n, usual := numbers[f.Name]
	switch {
	case f.Ranged:
		return min(max(n, f.Min), f.Max)
	case f.Name == "current_amount" && g.of.Type.Name == "channel.goal.end": // achieved
		return numbers["target_amount"]
	case !usual:
		return 1 + g.IntN(100)
	case strings.HasPrefix(at, "max_per_"):
		return 10
	}
	return n
}

// time returns a moment that fits the field's name.
func (g *plausible) time(f *Field) string {
	at := g.now
	switch name := f.Name; {
	case name == "started_at" && named(g.of.Fields, "ended_at") != nil:
		at = at.Add(-5 * time.Minute)
	case name == "connected_at":
		at = at.Add(-time.Hour)
	case strings.HasSuffix(name, "ends_at") || strings.HasSuffix(name, "expires_at") || name == "locks_at":
		at = at.Add(5 * time.Minute)
	}
	return at.Format(time.RFC3339Nano)
}
