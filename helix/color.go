package helix

import (
	"fmt"
	"strconv"
	"strings"
)

// A Color is a colour as chat shows it.
type Color struct{ R, G, B uint8 }

// A namedColor is a colour that every user may have in chat. Turbo and Prime users
// may have any other as well.
type namedColor struct {
	name  string
	color Color
}

// userColors is Twitch's list, in its order.
var userColors = []namedColor{
	{"blue", Color{0x00, 0x00, 0xFF}},
	{"blue_violet", Color{0x8A, 0x2B, 0xE2}},
	{"cadet_blue", Color{0x5F, 0x9E, 0xA0}},
	{"chocolate", Color{0xD2, 0x69, 0x1E}},
	{"coral", Color{0xFF, 0x7F, 0x50}},
	{"dodger_blue", Color{0x1E, 0x90, 0xFF}},
	{"firebrick", Color{0xB2, 0x22, 0x22}},
	{"golden_rod", Color{0xDA, 0xA5, 0x20}},
	{"green", Color{0x00, 0x80, 0x00}},
	{"hot_pink", Color{0xFF, 0x69, 0xB4}},
	{"orange_red", Color{0xFF, 0x45, 0x00}},
	{"red", Color{0xFF, 0x00, 0x00}},
	{"sea_green", Color{0x2E, 0x8B, 0x57}},
	{"spring_green", Color{0x00, 0xFF, 0x7F}},
	{"yellow_green", Color{0x9A, 0xCD, 0x32}},
}

// ParseColor reads "#9146FF", "9146ff" or one of the names that every user may have
// in chat: "blue_violet", "BlueViolet", "blue violet".
func ParseColor(s string) (Color, error) {
	plain := plainColor(s)
	for _, c := range userColors {
		if plainColor(c.name) == plain {
			return c.color, nil
		}
	}
	hex := strings.TrimPrefix(strings.TrimSpace(s), "#")
	rgb, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		return Color{}, fmt.Errorf("helix: %q is no colour; write #RRGGBB or one of %s", clean(s), strings.Join(ColorNames(), ", "))
	}
	return Color{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb)}, nil
}

func plainColor(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name))
}

// ColorNames returns the names of the colours that every user may have in chat.
func ColorNames() []string {
	names := make([]string, len(userColors))
	for i, c := range userColors {
		names[i] = c.name
	}
	return names
}

// String returns the colour as "#9146FF", which Twitch takes everywhere.
func (c Color) String() string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// Name returns the name that Update User Chat Color takes from every user, and false
// if the colour has none.
func (c Color) Name() (string, bool) {
	for _, named := range userColors {
		if named.color == c {
			return named.name, true
		}
	}
	return "", false
}

// announcementColors are what Twitch's pages show announcements with, roughly:
// each is a gradient, of which this is the start.
var announcementColors = []struct {
	name  AnnouncementColor
	color Color
}{
	{AnnouncementColorBlue, Color{0x00, 0xD6, 0xD6}},
	{AnnouncementColorGreen, Color{0x00, 0xDB, 0x84}},
	{AnnouncementColorOrange, Color{0xFF, 0xB3, 0x1A}},
	{AnnouncementColorPurple, Color{0x91, 0x46, 0xFF}},
}

// Announcement returns the colour of announcements that comes nearest.
func (c Color) Announcement() AnnouncementColor {
	nearest, least := AnnouncementColorPrimary, -1
	for _, a := range announcementColors {
		r, g, b := int(c.R)-int(a.color.R), int(c.G)-int(a.color.G), int(c.B)-int(a.color.B)
		if d := r*r + g*g + b*b; least < 0 || d < least {
			nearest, least = a.name, d
		}
	}
	return nearest
}
