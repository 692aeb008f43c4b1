package world

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// An Extension is third-party software that viewers see beside a stream.
type Extension struct {
	ID      string // the client's id
	Name    string
	Version string
	Owner   User
	Bot     User // who writes the extension's messages in chat
	Secrets []ExtensionSecret
}

// An ExtensionSecret signs the tokens of an extension's back end.
type ExtensionSecret struct {
	Content  string // base64
	ActiveAt time.Time
	Expires  time.Time
}

// extension is all state of one extension.
type extension struct {
	Extension
	active       []string // ids of the broadcasters who show it
	segments     map[Segment]SegmentContent
	required     map[string]string // configuration by broadcaster
	products     []Product
	transactions []Transaction
	messages     []ExtensionMessage
}

// secretLife is how long a secret is valid unless it is replaced.
const secretLife = 100 * 365 * 24 * time.Hour

// AddExtension makes an extension. ID and owner are needed; a secret, in
// base64, is invented if there is none.
func (w *World) AddExtension(id, ownerID, secret string) (Extension, error) {
	c := w.begin()
	defer c.end()
	owner, err := w.user(ownerID)
	if err != nil {
		return Extension{}, err
	}
	if w.extensions[id] != nil {
		return Extension{}, badRequest("There is an extension %s already.", id)
	}
	if secret == "" {
		secret = w.secret("first", id)
	}
	if key, err := base64.StdEncoding.DecodeString(secret); err != nil || len(key) == 0 {
		return Extension{}, badRequest("The secret of an extension must be base64.")
	}
	bot, err := w.addUser(User{Login: botLogin(id), DisplayName: "Extension"})
	if err != nil {
		return Extension{}, err
	}
	e := &extension{
		Extension: Extension{
			ID: id, Name: owner.DisplayName + "'s extension", Version: "0.0.1", Owner: *owner, Bot: *bot,
			Secrets: []ExtensionSecret{{secret, c.now.Truncate(time.Second), c.now.Truncate(time.Second).Add(secretLife)}},
		},
		segments: map[Segment]SegmentContent{}, required: map[string]string{},
	}
	w.extensions[id] = e
	return e.snapshot(), nil
}

// botLogin makes a login out of the id of an extension.
func botLogin(id string) string {
	login := "ext_" + strings.Map(func(r rune) rune {
		if validLogin(string(r)) {
			return r
		}
		return '_'
	}, strings.ToLower(id))
	return login[:min(len(login), 25)]
}

func (w *World) secret(words ...string) string {
	key := make([]byte, 0, 32)
	for _, part := range []string{"a", "b", "c", "d"} {
		key = binary.BigEndian.AppendUint64(key, w.number(append(words, part)...))
	}
	return quiet.Mark + base64.StdEncoding.EncodeToString(key)[len(quiet.Mark):]
}

func (e *extension) snapshot() Extension {
	shown := e.Extension
	shown.Secrets = slices.Clone(e.Secrets)
	return shown
}

// ExtensionByID returns an extension.
func (w *World) ExtensionByID(id string) (Extension, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if e := w.extensions[id]; e != nil {
		return e.snapshot(), true
	}
	return Extension{}, false
}

// ExtensionsOf returns the extensions that a user owns.
func (w *World) ExtensionsOf(ownerID string) []Extension {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var all []Extension
	for _, e := range w.extensions {
		if e.Owner.ID == ownerID {
			all = append(all, e.snapshot())
		}
	}
	Order(all, func(a, b *Extension) int { return strings.Compare(a.ID, b.ID) })
	return all
}

func (w *World) extension(id string) (*extension, error) {
	if e := w.extensions[id]; e != nil {
		return e, nil
	}
	return nil, refuse(http.StatusNotFound, "The extension was not found.")
}

// AddSecret gives an extension another secret, which is good from a delay on.
// Those before it are good for as long again.
func (w *World) AddSecret(id string, delay time.Duration) (Extension, error) {
	c := w.begin()
	defer c.end()
	e, err := w.extension(id)
	if err != nil {
		return Extension{}, err
	}
	active := c.now.Add(delay).Truncate(time.Second)
	for i := range e.Secrets {
		if ends := active.Add(delay); e.Secrets[i].Expires.After(ends) {
			e.Secrets[i].Expires = ends
		}
	}
	e.Secrets = slices.DeleteFunc(e.Secrets, func(s ExtensionSecret) bool { return !c.now.Before(s.Expires) })
	e.Secrets = append(e.Secrets, ExtensionSecret{w.secret("next", id, active.String()), active, active.Add(secretLife)})
	return e.snapshot(), nil
}

// ReleasedExtension returns an extension that a channel can install: one of the world or
// of the emulator's own, which have no secrets.
func (w *World) ReleasedExtension(id string) (Extension, bool) {
	if e, ok := w.ExtensionByID(id); ok {
		return e, true
	}
	for _, e := range catalogue {
		if e.ID == id {
			return Extension{ID: e.ID, Name: e.Name, Version: e.Version, Owner: User{DisplayName: "Larkspur", Email: "larkspur@example.com"}}, true
		}
	}
	return Extension{}, false
}

// ActivateExtension has a broadcaster show an extension in the first free slot.
func (w *World) ActivateExtension(broadcasterID, id string) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	e, err := w.extension(id)
	if err != nil {
		return err
	}
	if slices.Contains(e.active, b.ID) {
		return nil
	}
	slot, ok := ch.freeSlot()
	if !ok {
		return badRequest("All slots of the channel are taken.")
	}
	if ch.slots == nil {
		ch.slots = map[Slot]SlotContent{}
	}
	ch.slots[slot] = SlotContent{Active: true, ID: e.ID, Version: e.Version, Name: e.Name}
	e.active = append(e.active, b.ID)
	return nil
}

// ExtensionStreams returns the running streams that show an extension, oldest first.
func (w *World) ExtensionStreams(id string) ([]Stream, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if !slices.ContainsFunc(w.installed(), func(e Installed) bool { return e.ID == id }) {
		return nil, refuse(http.StatusNotFound, "The extension was not found.")
	}
	var all []Stream
	for broadcasterID, s := range w.streams {
		for _, content := range w.channels[broadcasterID].slots {
			if content.ID == id {
				all = append(all, *s)
				break
			}
		}
	}
	Order(all, func(a, b *Stream) int { return cmp.Or(a.StartedAt.Compare(b.StartedAt), strings.Compare(a.ID, b.ID)) })
	return all, nil
}
