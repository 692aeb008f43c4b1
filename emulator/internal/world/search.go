package world

import (
	"strings"
	"time"
)

// searchable is how long ago a channel may have been live to be found. Twitch says six
// months.
const searchable = 183 * 24 * time.Hour

// SetStreamed records that a channel was live at some time before the world began.
func (w *World) SetStreamed(broadcasterID string, at time.Time) error {
	c := w.begin()
	defer c.end()
	_, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	ch.streamed = at
	return nil
}

// SearchChannels returns the broadcasters that Search Channels finds, in the order in
// which they came into being: those whose name begins with the query, and if liveOnly is
// set also those whose category does. A query of several words finds names with and
// without underscores between the words. Only channels that were live within six months
// are found.
func (w *World) SearchChannels(query string, liveOnly bool) []User {
	forms := searchForms(query)
	now := time.Now()
	found := []User{}
	for _, u := range w.Users() {
		w.mu.RLock()
		ch, stream := w.channels[u.ID], w.streams[u.ID]
		recent := ch != nil && !ch.streamed.IsZero() && now.Sub(ch.streamed) < searchable
		game := ""
		if stream != nil {
			game = stream.Game.Name
		}
		w.mu.RUnlock()
		switch {
		case stream == nil && (liveOnly || !recent):
		case beginsWithAny(u.Login, forms), beginsWithAny(u.DisplayName, forms), liveOnly && beginsWithAny(game, forms):
			found = append(found, u)
		}
	}
	return found
}

// searchForms returns what a name may begin with, in lower case.
func searchForms(query string) []string {
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return nil
	}
	return []string{strings.Join(words, " "), strings.Join(words, ""), strings.Join(words, "_")}
}

func beginsWithAny(name string, forms []string) bool {
	name = strings.ToLower(name)
	for _, form := range forms {
		if strings.HasPrefix(name, form) {
			return true
		}
	}
	return false
}
