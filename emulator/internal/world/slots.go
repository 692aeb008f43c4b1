package world

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// A Slot is a place for an extension on a channel's page.
type Slot struct {
	Kind   string // "panel", "overlay", "component"
	Number string // from "1"
}

// slotCounts are how many slots of a kind a channel has.
var slotCounts = map[string]int{"panel": 3, "overlay": 1, "component": 2}

// A SlotContent is the extension in a slot.
type SlotContent struct {
	Active  bool
	ID      string
	Version string
	Name    string
	X, Y    int // of a component
}

// An Installed extension can be put into slots.
type Installed struct {
	ID, Version, Name string
	Kinds             []string // of slots
}

// catalogue are extensions that every channel has installed.
var catalogue = []Installed{
	{"larkboardextension000000000000", "1.1.0", "Leaderboard", []string{"mobile", "panel"}},
	{"larkcountdownextension00000000", "2.0.2", "Countdown", []string{"overlay"}},
	{"larkpollsextension000000000000", "0.3.1", "Quick Polls", []string{"component", "panel"}},
}

// InstalledExtensions returns what a channel can put into its slots: some
// extensions of the emulator's own, and those of the world. With activeOnly set it
// returns those that are in a slot.
func (w *World) InstalledExtensions(broadcasterID string, activeOnly bool) []Installed {
	w.mu.RLock()
	defer w.mu.RUnlock()
	all := w.installed()
	if !activeOnly {
		return all
	}
	active := map[string]bool{}
	if ch := w.channels[broadcasterID]; ch != nil {
		for _, content := range ch.slots {
			active[content.ID] = content.Active
		}
	}
	return slices.DeleteFunc(all, func(e Installed) bool { return !active[e.ID] })
}

func (w *World) installed() []Installed {
	all := slices.Clone(catalogue)
	for _, id := range slices.Sorted(maps.Keys(w.extensions)) {
		e := w.extensions[id]
		all = append(all, Installed{id, e.Version, e.Name, []string{"component", "mobile", "overlay", "panel"}})
	}
	return all
}

// Slots returns all slots of a channel, with what is in them.
func (w *World) Slots(broadcasterID string) map[Slot]SlotContent {
	w.mu.RLock()
	defer w.mu.RUnlock()
	all := map[Slot]SlotContent{}
	ch := w.channels[broadcasterID]
	for kind, n := range slotCounts {
		for i := range n {
			slot := Slot{kind, strconv.Itoa(i + 1)}
			all[slot] = SlotContent{}
			if ch != nil {
				all[slot] = ch.slots[slot]
			}
		}
	}
	return all
}

// freeSlot returns the first slot with nothing in it: panels before components, because
// Twitch shows them below the stream and never over it.
func (ch *channel) freeSlot() (Slot, bool) {
	for _, kind := range []string{"panel", "component", "overlay"} {
		for i := range slotCounts[kind] {
			slot := Slot{kind, strconv.Itoa(i + 1)}
			if _, taken := ch.slots[slot]; !taken {
				return slot, true
			}
		}
	}
	return Slot{}, false
}

// FillSlots puts extensions into slots of a channel, or takes them out where
// Active is false: all of them, or none if one is not possible.
func (w *World) FillSlots(broadcasterID string, changes map[Slot]SlotContent) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	next := maps.Clone(ch.slots)
	if next == nil {
		next = map[Slot]SlotContent{}
	}
	for slot, content := range changes {
		if n, err := strconv.Atoi(slot.Number); err != nil || n < 1 || n > slotCounts[slot.Kind] {
			return badRequest("There is no slot %s of kind %s.", slot.Number, slot.Kind)
		}
		if !content.Active {
			delete(next, slot)
			continue
		}
		if content, err = w.fit(slot, content); err != nil {
			return err
		}
		next[slot] = content
	}
	ch.slots = next
	w.showExtensions(b.ID, next)
	return nil
}

func (w *World) fit(slot Slot, content SlotContent) (SlotContent, error) {
	all := w.installed()
	at := slices.IndexFunc(all, func(e Installed) bool { return e.ID == content.ID })
	if at < 0 || (content.Version != "" && content.Version != all[at].Version) {
		return SlotContent{}, refuse(http.StatusNotFound, "The extension %s of version %s was not found.", content.ID, content.Version)
	}
	if !slices.Contains(all[at].Kinds, slot.Kind) {
		return SlotContent{}, badRequest("The extension %s cannot be a %s.", content.ID, slot.Kind)
	}
	content.Version, content.Name = all[at].Version, all[at].Name
	return content, nil
}

// showExtensions has the extensions of the world know whether a channel shows them.
func (w *World) showExtensions(broadcasterID string, slots map[Slot]SlotContent) {
	for id, e := range w.extensions {
		shown := false
		for _, content := range slots {
			shown = shown || content.ID == id
		}
		e.active = slices.DeleteFunc(e.active, func(other string) bool { return other == broadcasterID })
		if shown {
			e.active = append(e.active, broadcasterID)
		}
	}
}
