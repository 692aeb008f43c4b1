package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
)

// Codes of text, beside the colours of a display.
const (
	cyan   = "36"
	italic = "3"
	struck = "9"
)

// A chatPainter formats events as lines of text.
type chatPainter struct {
	depth   colorDepth
	layout  string      // of the time
	several func() bool // several channels are read: each line names its channel
}

func (t *chatPainter) paint(code, text string) string {
	if t.depth == noColors || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// line formats an event. It returns "" for one that is not shown as text.
func (t *chatPainter) line(e *chatEvent) string {
	var text string
	switch e.kind {
	case chatMessage:
		text = t.message(e)
	case chatNotices:
		text = t.notice(e)
	case chatWhisper:
		text = t.paint(magenta, "[whisper]") + " " + t.said(e.message)
	case chatWasSent:
		if e.message == nil {
			return ""
		}
		text = t.message(e)
	case chatNotSent:
		return "" // a warning on standard error
	default:
		text = t.moderation(e)
	}
	if text == "" {
		return ""
	}
	head := t.paint(dim, e.at.Local().Format(t.layout)) + "  "
	if e.channel != "" && t.several() {
		head += t.paint(dim, "#"+cut(e.channel, maxName)) + " "
	}
	return head + text
}

// message formats a chat message: "[mod] Grace: hello".
func (t *chatPainter) message(e *chatEvent) string {
	m := e.message
	var marks []string
	add := func(set bool, mark string) {
		if set {
			marks = append(marks, t.paint(yellow, mark))
		}
	}
	add(m.FirstMessage, "[first message]")
	add(m.Returning, "[returning]")
	add(m.Bits > 0, fmt.Sprintf("[cheer %d]", m.Bits))
	add(m.Kind == chat.KindHighlighted, "[highlighted]")
	add(m.RewardID != "", "[reward]")
	add(m.FromOtherChannel(), "[shared chat]")
	return strings.Join(append(marks, t.said(m)), " ")
}

// said formats who wrote what, with the badges.
func (t *chatPainter) said(m *chat.Message) string {
	var b strings.Builder
	for _, badge := range badgeTexts(&m.Chatter) {
		b.WriteString(t.paint(dim, "["+badge+"]") + " ")
	}
	who := t.name(&m.Chatter)
	if r := m.Reply; r != nil {
		who += t.paint(dim, fmt.Sprintf(" (to %s: %s)", nameOfUser(r.Chatter), cut(r.Text, maxQuote)))
	}
	if m.Action {
		b.WriteString("* " + who + " " + t.body(m, italic))
	} else {
		b.WriteString(who + ": " + t.body(m, ""))
	}
	return b.String()
}

// name formats a chatter's name in its colour.
func (t *chatPainter) name(c *chat.Chatter) string {
	name := nameOfUser(c.User)
	if t.depth == noColors {
		return name
	}
	return t.paint(nameCode(t.depth, c.Color, c.Login), name)
}

// nameOfUser returns the display name of a user. A name in another script has the login
// behind it, by which commands know the user.
func nameOfUser(u chat.User) string {
	name, login := cut(u.Name, maxName), cut(u.Login, maxName)
	switch {
	case name == "":
		return cmp.Or(login, "somebody")
	case login != "" && !strings.EqualFold(name, login):
		return name + " (" + login + ")"
	}
	return name
}

// body formats the text of a message: emotes are marked as :Kappa:.
func (t *chatPainter) body(m *chat.Message, style string) string {
	whole := cut(m.Text, maxText)
	var b, plain strings.Builder
	flush := func() {
		b.WriteString(t.styled(style, plain.String()))
		plain.Reset()
	}
	emotes := 0
	for _, f := range m.Fragments {
		if f.Kind != chat.FragmentEmote {
			plain.WriteString(f.Text)
			continue
		}
		emotes++
		text := plain.String()
		plain.Reset()
		plain.WriteString(edges(text))
		flush()
		b.WriteString(t.paint(cyan, ":"+cut(f.Text, maxName)+":"))
	}
	if emotes == 0 || chat.Length(m.Text) > maxText {
		return t.styled(style, whole)
	}
	last := plain.String()
	plain.Reset()
	plain.WriteString(edges(last))
	flush()
	return strings.TrimSpace(b.String())
}

func (t *chatPainter) styled(style, text string) string {
	if style == "" {
		return text
	}
	return t.paint(style, text)
}

// edges cleans the text between two emotes and keeps a space at its ends.
func edges(text string) string {
	clean := cut(text, maxText)
	if clean == "" {
		if text == "" {
			return ""
		}
		return " "
	}
	if strings.HasPrefix(text, " ") {
		clean = " " + clean
	}
	if strings.HasSuffix(text, " ") {
		clean += " "
	}
	return clean
}

// badgeTexts returns the badges that say something about a chatter's part in the
// channel, in short.
func badgeTexts(c *chat.Chatter) (texts []string) {
	for _, b := range c.Badges {
		text := ""
		switch b.Set {
		case "broadcaster", "vip", "founder", "staff", "admin", "partner":
			text = b.Set
		case "moderator":
			text = "mod"
		case "lead_moderator":
			text = "lead mod"
		case "bot-badge":
			text = "bot"
		case "subscriber":
			text = "sub " + cut(cmp.Or(b.Info, b.Version), 10)
		case "bits":
			text = "bits badge " + cut(b.Version, 10)
		case "sub-gifter":
			text = "gifts " + cut(b.Version, 10)
		}
		if text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// span formats a duration as people write it: "10m", "1h30m", "14d".
func span(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= day && d%day == 0 {
		return fmt.Sprintf("%dd", d/day)
	}
	text := d.Round(time.Second).String()
	text = strings.TrimSuffix(text, "0s")
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	if text == "" || !strings.HasSuffix(text, "m") && !strings.HasSuffix(text, "h") {
		return d.Round(time.Second).String()
	}
	return text
}
