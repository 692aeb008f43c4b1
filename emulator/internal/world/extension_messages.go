package world

import (
	"slices"
	"time"
)

// A Segment names one part of an extension's configuration.
type Segment struct {
	Name          string // "broadcaster", "developer", "global"
	BroadcasterID string // "" of global
}

// A SegmentContent is what is stored in a [Segment].
type SegmentContent struct {
	Content string
	Version string
}

// An ExtensionMessage is what an extension's back end sent to its front ends.
type ExtensionMessage struct {
	BroadcasterID string   // "": to all channels
	Targets       []string // "broadcast", "global", "whisper-…"
	Text          string
	At            time.Time
}

// SetSegment stores a part of an extension's configuration.
func (w *World) SetSegment(id string, s Segment, content SegmentContent) error {
	c := w.begin()
	defer c.end()
	e, err := w.extension(id)
	if err != nil {
		return err
	}
	e.segments[s] = content
	return nil
}

// SegmentOf returns a part of an extension's configuration.
func (w *World) SegmentOf(id string, s Segment) (SegmentContent, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	e := w.extensions[id]
	if e == nil {
		return SegmentContent{}, false
	}
	content, ok := e.segments[s]
	return content, ok
}

// RequireConfiguration sets what a broadcaster must configure before an
// extension works.
func (w *World) RequireConfiguration(id, broadcasterID, version, configuration string) error {
	c := w.begin()
	defer c.end()
	b, _, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	e, err := w.extension(id)
	if err != nil {
		return err
	}
	if version != e.Version {
		return badRequest("The extension has no version %s.", version)
	}
	e.required[b.ID] = configuration
	return nil
}

// keptExtensionMessages bounds what an extension's messages take.
const keptExtensionMessages = 1000

// SendExtensionMessage sends to the front ends of an extension: in a channel,
// or everywhere.
func (w *World) SendExtensionMessage(id string, m ExtensionMessage) error {
	c := w.begin()
	defer c.end()
	e, err := w.extension(id)
	if err != nil {
		return err
	}
	if m.BroadcasterID != "" {
		if _, _, err := w.broadcaster(m.BroadcasterID); err != nil {
			return err
		}
	}
	m.At = c.now
	if e.messages = append(e.messages, m); len(e.messages) > keptExtensionMessages {
		e.messages = slices.Delete(e.messages, 0, 1)
	}
	return nil
}

// ExtensionMessages returns what was sent to the front ends of an extension, oldest first.
func (w *World) ExtensionMessages(id string) []ExtensionMessage {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if e := w.extensions[id]; e != nil {
		return slices.Clone(e.messages)
	}
	return nil
}

// PostAsExtension writes in the chat of a channel that shows the extension.
func (w *World) PostAsExtension(id, broadcasterID, version, text string) error {
	c := w.begin()
	defer c.end()
	b, _, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	e, err := w.extension(id)
	if err != nil {
		return err
	}
	if version != e.Version {
		return badRequest("The extension has no version %s.", version)
	}
	if !slices.Contains(e.active, b.ID) {
		return badRequest("The extension is not active in the broadcaster's channel.")
	}
	_, err = w.post(c, Post{BroadcasterID: b.ID, SenderID: e.Bot.ID, Text: text, Unlimited: true})
	return err
}
