package world

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A User is a Twitch user. Every user has a channel with the same id.
type User struct {
	ID              string
	Login           string
	DisplayName     string
	Type            string // "admin", "global_mod", "staff" or ""
	BroadcasterType string // "affiliate", "partner" or ""
	Description     string
	ProfileImageURL string
	OfflineImageURL string
	Email           string
	Color           string // "#RRGGBB" or ""
	CreatedAt       time.Time

	// See [World.SetAttribute].
	NoPhone, NoEmail, VerifiedBot, Turbo, Suspended, TermsViolated bool
}

// IsZero reports whether u is the zero User.
func (u User) IsZero() bool { return u.ID == "" }

var colors = [...]string{
	"#FF0000", "#0000FF", "#008000", "#B22222", "#FF7F50", "#9ACD32", "#FF4500", "#2E8B57",
	"#DAA520", "#D2691E", "#5F9EA0", "#1E90FF", "#FF69B4", "#8A2BE2", "#00FF7F",
}

// AddUser makes a user with a channel. Only Login is needed: what else is
// empty is filled in, always the same for the same seed. A user of that login
// who is there already is returned as they are.
func (w *World) AddUser(u User) (User, error) {
	c := w.begin()
	defer c.end()
	added, err := w.addUser(u)
	if err != nil {
		return User{}, err
	}
	return *added, nil
}

func (w *World) addUser(u User) (*User, error) {
	if u.DisplayName == "" {
		u.DisplayName = u.Login
	}
	u.Login = strings.ToLower(u.Login)
	if !validLogin(u.Login) {
		return nil, badRequest("%q is no login: 1 to 25 letters, digits and underscores", u.Login)
	}
	if known, ok := w.logins[u.Login]; ok {
		return known, nil
	}
	n := w.number("user", u.Login)
	if u.ID == "" {
		id := 100_000_000 + n%800_000_000
		for w.users[strconv.FormatUint(id, 10)] != nil {
			id++
		}
		u.ID = strconv.FormatUint(id, 10)
	}
	if w.users[u.ID] != nil {
		return nil, badRequest("the id %s is taken", u.ID)
	}
	if u.Color == "" {
		u.Color = colors[n>>8%uint64(len(colors))]
	}
	if u.CreatedAt.IsZero() {
		u.CreatedAt = time.Date(2016+int(n>>16%8), time.Month(1+n>>24%12), 1+int(n>>32%28), int(n>>40%24), int(n>>48%60), 0, 0, time.UTC)
	}
	if u.Email == "" {
		u.Email = u.Login + "@example.com"
	}
	if u.ProfileImageURL == "" {
		u.ProfileImageURL = fmt.Sprintf("https://static-cdn.jtvnw.net/jtv_user_pictures/%016x-profile_image-300x300.png", n)
	}
	added := &u
	w.users[u.ID], w.logins[u.Login] = added, added
	w.ordered = append(w.ordered, added)
	w.channels[u.ID] = newChannel(added)
	return added, nil
}

func validLogin(login string) bool {
	return len(login) >= 1 && len(login) <= 25 && strings.IndexFunc(login, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_'
	}) < 0
}

// UserByID returns the user of an id.
func (w *World) UserByID(id string) (User, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if u := w.users[id]; u != nil {
		return *u, true
	}
	return User{}, false
}

// UserByLogin returns the user of a login, in whatever case.
func (w *World) UserByLogin(login string) (User, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if u := w.logins[strings.ToLower(login)]; u != nil {
		return *u, true
	}
	return User{}, false
}

// Users returns all users, in order of creation.
func (w *World) Users() []User {
	w.mu.RLock()
	defer w.mu.RUnlock()
	all := make([]User, len(w.ordered))
	for i, u := range w.ordered {
		all[i] = *u
	}
	return all
}

// UpdateUser sets the description of a profile.
func (w *World) UpdateUser(userID, description string) (User, error) {
	c := w.begin()
	defer c.end()
	u, err := w.user(userID)
	if err != nil {
		return User{}, err
	}
	u.Description = description
	c.tell(UserUpdated{About: c.about(u), User: *u})
	return *u, nil
}

// SetColor sets the colour of a user's name in chat: "#RRGGBB" or one of
// Twitch's names of colours.
func (w *World) SetColor(userID, color string) error {
	c := w.begin()
	defer c.end()
	u, err := w.user(userID)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(namedColors, func(n namedColor) bool { return n.name == strings.ToLower(color) }); i >= 0 {
		color = namedColors[i].hex
	}
	if len(color) != 7 || color[0] != '#' || strings.Trim(strings.ToLower(color[1:]), "0123456789abcdef") != "" {
		return badRequest("The named color or Hex color code is not valid.")
	}
	u.Color = strings.ToUpper(color)
	return nil
}

type namedColor struct{ name, hex string }

var namedColors = []namedColor{
	{"blue", "#0000FF"},
	{"blue_violet", "#8A2BE2"},
	{"cadet_blue", "#5F9EA0"},
	{"chocolate", "#D2691E"},
	{"coral", "#FF7F50"},
	{"dodger_blue", "#1E90FF"},
	{"firebrick", "#B22222"},
	{"golden_rod", "#DAA520"},
	{"green", "#008000"},
	{"hot_pink", "#FF69B4"},
	{"orange_red", "#FF4500"},
	{"red", "#FF0000"},
	{"sea_green", "#2E8B57"},
	{"spring_green", "#00FF7F"},
	{"yellow_green", "#9ACD32"},
}

// user returns the user with an id, or the error that Helix answers.
func (w *World) user(id string) (*User, error) {
	if u := w.users[id]; u != nil {
		return u, nil
	}
	return nil, badRequest("The ID in user_id was not found.")
}

// broadcaster returns a user and their channel, or the error Helix answers.
func (w *World) broadcaster(id string) (*User, *channel, error) {
	if u := w.users[id]; u != nil {
		return u, w.channels[id], nil
	}
	return nil, nil, badRequest("The ID in broadcaster_id was not found.")
}
