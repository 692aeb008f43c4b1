package irc

// A Shared describes the channel in which a message was written during a shared chat
// session. It may be this channel.
type Shared struct {
	MessageID     string // ID of the message in the channel it was written in
	BroadcasterID string // of that channel
	Badges        Badges // the chatter's badges in that channel
	BadgeInfo     Badges
	Kind          string // of a [UserNotice]: its kind in that channel
	Only          bool   // the message was sent to that channel only
}

// tag reads a tag behind "source-".
func (s *Shared) tag(name, v string) {
	switch name {
	case "id":
		s.MessageID = v
	case "room-id":
		s.BroadcasterID = v
	case "badges":
		s.Badges = Badges(v)
	case "badge-info":
		s.BadgeInfo = Badges(v)
	case "msg-id":
		s.Kind = v
	case "only":
		s.Only = v == "1"
	}
}

// shared reads the source tags. It is false outside of a shared chat session.
func (t Tags) shared() (s Shared, ok bool) {
	t.rare(nil, &s)
	return s, s.BroadcasterID != ""
}

// Shared returns where the message was written. It is false outside of a shared chat
// session.
func (p *PrivMsg) Shared() (Shared, bool) { return p.Raw.Tags().shared() }

// FromShared reports whether the message was written in another channel of a shared chat
// session.
func (p *PrivMsg) FromShared() bool {
	s, ok := p.Shared()
	return ok && s.BroadcasterID != p.BroadcasterID
}
