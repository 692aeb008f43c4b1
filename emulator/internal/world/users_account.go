package world

// An Attribute is something about an account that Twitch decides, and that other accounts do
// not have.
type Attribute string

// The attributes of accounts.
const (
	VerifiedBot   Attribute = "verified-bot"   // has higher limits in chat
	Turbo         Attribute = "turbo"          // has the badge and the tag in chat
	Suspended     Attribute = "suspended"      // may not write, and nobody may enter their channel
	TermsViolated Attribute = "terms-violated" // as Suspended; chat says that it was for a violation of the terms
	NoPhone       Attribute = "no-phone"       // has no verified phone number
	NoEmail       Attribute = "no-email"       // has no verified address
)

// Attributes are the names of all attributes.
var attributes = map[Attribute]func(*User) *bool{
	VerifiedBot:   func(u *User) *bool { return &u.VerifiedBot },
	Turbo:         func(u *User) *bool { return &u.Turbo },
	Suspended:     func(u *User) *bool { return &u.Suspended },
	TermsViolated: func(u *User) *bool { return &u.TermsViolated },
	NoPhone:       func(u *User) *bool { return &u.NoPhone },
	NoEmail:       func(u *User) *bool { return &u.NoEmail },
}

// SetAttribute gives an account an attribute, or takes it away.
func (w *World) SetAttribute(userID string, a Attribute, on bool) error {
	c := w.begin()
	defer c.end()
	u, err := w.user(userID)
	if err != nil {
		return err
	}
	field := attributes[a]
	if field == nil {
		return badRequest("%q is no attribute of an account.", a)
	}
	*field(u) = on
	return nil
}

// SetReturning sets whether chat marks a user as a returning chatter of a channel.
func (w *World) SetReturning(broadcasterID, userID string, on bool) error {
	c := w.begin()
	defer c.end()
	_, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	u, err := w.user(userID)
	if err != nil {
		return err
	}
	if ch.returning == nil {
		ch.returning = map[string]bool{}
	}
	ch.returning[u.ID] = on
	return nil
}

// RequireVerified sets what accounts need to write in a channel's chat.
func (w *World) RequireVerified(broadcasterID string, phone, email bool) error {
	c := w.begin()
	defer c.end()
	_, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	ch.needPhone, ch.needEmail = phone, email
	return nil
}
