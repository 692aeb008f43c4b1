package cli

import (
	"fmt"
	"strings"

	"github.com/larkspur-dev/larkspur/irc"
)

// notice formats a user notice: "* Ada subscribed at Tier 1. Ada: hello".
func (t *chatPainter) notice(e *chatEvent) string {
	n := e.notice
	text := cut(n.system, maxText)
	if text == "" {
		text = nameOfUser(n.user) + ": " + cut(strings.ReplaceAll(n.kind, "_", " "), maxName)
	}
	if n.source != "" {
		text = "[shared chat] " + text
	}
	if n.kind == irc.KindAnnouncement && e.message != nil {
		return t.paint(magenta, "* announcement") + " " + t.said(e.message)
	}
	text = t.paint(magenta, "* "+text)
	if e.message != nil {
		text += " " + t.said(e.message)
	}
	return text
}

// moderation formats what moderators did, and notes of Twitch.
func (t *chatPainter) moderation(e *chatEvent) string {
	who := nameOfUser(e.target)
	switch e.kind {
	case chatDeleted:
		text := t.paint(red, "- a message of "+who+" was deleted:") + " "
		return text + t.paint(struck, cut(e.text, maxQuote))
	case chatTimeout:
		return t.paint(red, fmt.Sprintf("- %s was timed out for %s", who, span(e.length)))
	case chatBan:
		return t.paint(red, "- "+who+" was banned")
	case chatCleared:
		return t.paint(red, "- a moderator removed all messages")
	case chatModes:
		return t.paint(yellow, "- "+modesText(e.modes))
	case chatConnected:
		return "- connected to chat"
	case chatLost:
		return "- the connection to chat was lost: " + cut(e.sent.why, maxText)
	case chatFromSite:
		return t.paint(yellow, "- "+cut(e.text, maxText))
	}
	return ""
}

// modesText describes the chat modes that a message contains.
func modesText(r *irc.RoomState) string {
	var modes []string
	all := r.Has(irc.RoomSlow) && r.Has(irc.RoomEmoteOnly) // after joining: what is off is not worth a word
	say := func(mode irc.RoomMode, name string, on bool, detail string) {
		switch {
		case !r.Has(mode):
		case on && detail != "":
			modes = append(modes, name+" "+detail)
		case on:
			modes = append(modes, name)
		case !all:
			modes = append(modes, name+" off")
		}
	}
	follow := ""
	if r.FollowersOnly > 0 {
		follow = "of " + span(r.FollowersOnly)
	}
	say(irc.RoomSlow, "slow", r.Slow > 0, span(r.Slow))
	say(irc.RoomFollowersOnly, "followers only", r.FollowersOnly >= 0, follow)
	say(irc.RoomSubsOnly, "subscribers only", r.SubsOnly, "")
	say(irc.RoomEmoteOnly, "emotes only", r.EmoteOnly, "")
	say(irc.RoomUnique, "no repeated messages", r.Unique, "")
	if len(modes) == 0 {
		return "chat: no restrictions"
	}
	return "chat: " + strings.Join(modes, ", ")
}

// anyMode reports whether a mode is on.
func anyMode(r *irc.RoomState) bool {
	return r.Slow > 0 || r.Has(irc.RoomFollowersOnly) && r.FollowersOnly >= 0 || r.SubsOnly || r.EmoteOnly || r.Unique
}
