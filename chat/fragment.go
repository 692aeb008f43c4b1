package chat

// A Fragment is a part of a message's text. The field that belongs to its kind is
// set, the others are nil.
type Fragment struct {
	Kind      FragmentKind
	Text      string // as it stands in the text: "Kappa", "Cheer100", "@grace"
	Emote     *Emote
	Cheermote *Cheermote
	Mention   *User
	GIF       *GIF
}

// A FragmentKind says what a [Fragment] is. Twitch may add kinds at any time; one
// that is not known is best shown as text.
type FragmentKind string

// The kinds of [Fragment] that are known.
const (
	FragmentText      FragmentKind = "text"
	FragmentEmote     FragmentKind = "emote"
	FragmentCheermote FragmentKind = "cheermote"
	FragmentMention   FragmentKind = "mention"
	FragmentGIF       FragmentKind = "gif"
)

// An Emote is one of Twitch's own pictures in a text.
type Emote struct {
	ID       string
	SetID    string // "" over IRC
	OwnerID  string // the broadcaster it belongs to; "" over IRC
	Animated bool   // there is an animated form; false over IRC
}

// A Cheermote is an animation that gives bits: "Cheer100".
type Cheermote struct {
	Prefix string // "Cheer"
	Bits   int
	Tier   int
}

// A GIF is an animated picture from a library.
type GIF struct {
	ID  string
	URL string
}

// Mentioned returns the user with the login whom the text mentions, as far as the
// fragments tell. login is in lower case. ok is false if the user is not mentioned.
func (m *Message) Mentioned(login string) (u User, ok bool) {
	for _, f := range m.Fragments {
		if f.Mention != nil && f.Mention.Login == login {
			return *f.Mention, true
		}
	}
	return User{}, false
}
