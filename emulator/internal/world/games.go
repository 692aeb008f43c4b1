package world

import "strings"

// A Game is a category.
type Game struct {
	ID     string
	Name   string
	IGDBID string
}

// games are the categories of the emulated Twitch. Ids and names are real.
func games() []Game {
	return []Game{
		{"509658", "Just Chatting", ""},
		{"743", "Chess", ""},
		{"27471", "Minecraft", "121"},
		{"21779", "League of Legends", "115"},
		{"32982", "Grand Theft Auto V", "1020"},
		{"33214", "Fortnite", "1905"},
		{"32399", "Counter-Strike", "242408"},
		{"516575", "VALORANT", "126459"},
		{"18122", "World of Warcraft", "123"},
		{"1469308723", "Software and Game Development", ""},
		{"26936", "Music", ""},
		{"509660", "Art", ""},
		{"417752", "Talk Shows & Podcasts", ""},
	}
}

func (w *World) game(id string) (Game, bool) {
	for _, g := range w.games {
		if g.ID == id {
			return g, true
		}
	}
	return Game{}, false
}

// Games returns all categories.
func (w *World) Games() []Game { return w.games }

// GameByName returns the category of a name, in whatever case.
func (w *World) GameByName(name string) (Game, bool) {
	for _, g := range w.games {
		if strings.EqualFold(g.Name, name) {
			return g, true
		}
	}
	return Game{}, false
}
