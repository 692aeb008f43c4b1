package world

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A Channel is what a broadcaster says about their stream.
type Channel struct {
	Broadcaster                 User
	Title                       string
	Game                        Game // zero: no category
	Language                    string
	Tags                        []string
	Delay                       int // seconds
	ContentClassificationLabels []string
	IsBrandedContent            bool
	Settings                    ChatSettings
}

// channel is all state of one channel.
type channel struct {
	Channel
	owner      *User
	followers  map[string]time.Time
	followed   []string // ids of followers, oldest first
	subs       map[string]*Subscription
	subbed     []string // ids of subscribers, oldest first
	gifts      map[string]int
	bits       map[string]int
	moderators *roll
	vips       *roll
	editors    *roll
	bans       map[string]*Ban
	chatters   map[string]int // number of connections by user id
	chat       ring
	shoutouts  map[string]time.Time // by id of the recommended broadcaster
	shoutout   time.Time            // the last one
	streamed   time.Time            // when the channel was last live; zero: never

	returning            map[string]bool // users that chat marks as returning chatters
	needPhone, needEmail bool            // to write, unless trusted

	automod     AutoModSettings
	terms       []*BlockedTerm // oldest first
	warned      map[string]bool
	suspects    map[string]Suspicion
	shield      ShieldMode
	unbans      []*UnbanRequest // oldest first
	polls       []*poll         // oldest first
	predictions []*Prediction   // oldest first
	pin         *Pin
	schedule    schedule
	markers     []Marker // oldest first
	blocked     roll     // users that the owner blocks
	slots       map[Slot]SlotContent

	ads       ads
	points    points
	powerUps  []PowerUp
	cheers    []cheer
	charity   charity
	goals     []*Goal // oldest first
	trains    trains
	guestStar guestStar
}

func newChannel(owner *User) *channel {
	return &channel{
		Channel:    Channel{Broadcaster: *owner, Language: "en", Settings: ChatSettings{}},
		owner:      owner,
		followers:  map[string]time.Time{},
		subs:       map[string]*Subscription{},
		gifts:      map[string]int{},
		bits:       map[string]int{},
		moderators: newRoll(),
		vips:       newRoll(),
		editors:    newRoll(),
		bans:       map[string]*Ban{},
		chatters:   map[string]int{},
		shoutouts:  map[string]time.Time{},
	}
}

// snapshot returns what others may keep.
func (ch *channel) snapshot() Channel {
	c := ch.Channel
	c.Broadcaster = *ch.owner
	c.Tags = slices.Clone(c.Tags)
	c.ContentClassificationLabels = slices.Clone(c.ContentClassificationLabels)
	return c
}

// Channel returns a broadcaster's channel.
func (w *World) Channel(broadcasterID string) (Channel, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch, ok := w.channels[broadcasterID]
	if !ok {
		return Channel{}, false
	}
	return ch.snapshot(), true
}

// A ChannelChange says what to change of a channel; nil leaves as it is.
type ChannelChange struct {
	Title            *string
	GameID           *string // "" or "0" unsets
	Language         *string
	Tags             *[]string
	Delay            *int
	Labels           map[string]bool // content classification labels by id: on or off
	IsBrandedContent *bool
}

// ModifyChannel changes a channel. [ChannelUpdated] follows even if nothing changed.
func (w *World) ModifyChannel(broadcasterID string, p ChannelChange) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	next := ch.snapshot()
	if p.Title != nil {
		if *p.Title == "" {
			return badRequest("The title field may not be set to an empty string.")
		}
		if utf8.RuneCountInString(*p.Title) > 140 {
			return badRequest("The title may not have more than 140 characters.")
		}
		next.Title = *p.Title
	}
	if p.GameID != nil {
		game, ok := w.game(*p.GameID)
		if !ok && *p.GameID != "" && *p.GameID != "0" {
			return badRequest("The ID in the game_id field is not valid.")
		}
		next.Game = game
	}
	if p.Language != nil {
		next.Language = *p.Language
	}
	if p.Tags != nil {
		if next.Tags, err = checkTags(*p.Tags); err != nil {
			return err
		}
	}
	if p.Delay != nil {
		if b.BroadcasterType != "partner" {
			return badRequest("The broadcaster must have partner status to set the delay field.")
		}
		next.Delay = *p.Delay
	}
	for label, on := range p.Labels {
		next.ContentClassificationLabels = slices.DeleteFunc(next.ContentClassificationLabels, func(l string) bool { return l == label })
		if on {
			next.ContentClassificationLabels = append(next.ContentClassificationLabels, label)
		}
	}
	slices.Sort(next.ContentClassificationLabels)
	if p.IsBrandedContent != nil {
		next.IsBrandedContent = *p.IsBrandedContent
	}
	ch.Channel = next
	if s := w.streams[b.ID]; s != nil {
		s.Title, s.Game, s.Language, s.Tags = next.Title, next.Game, next.Language, next.Tags
	}
	c.tell(ChannelUpdated{About: c.about(b), Channel: ch.snapshot()})
	return nil
}

func checkTags(tags []string) ([]string, error) {
	if len(tags) > 10 {
		return nil, badRequest("The maximum number of tags is 10.")
	}
	for _, tag := range tags {
		if n := utf8.RuneCountInString(tag); n < 1 || n > 25 || strings.ContainsAny(tag, " \t,;.!?#@") {
			return nil, badRequest("A tag must have 1 to 25 characters, none of them a space or special character.")
		}
	}
	return slices.Clone(tags), nil
}
