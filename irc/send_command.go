package irc

import (
	"fmt"
	"strings"
)

// A CommandError is the refusal of a text that Twitch would read as a chat command. In
// 2023 Twitch removed all of them but /me.
type CommandError struct {
	Command string // "/ban", in lower case
	Instead string // the method of package helix that does it: "Moderation.Ban"; "" if none does
}

// Error names the method to call instead.
func (e *CommandError) Error() string {
	if e.Instead == "" {
		return fmt.Sprintf("irc: %s: the text begins as a chat command does; Twitch would not show it", e.Command)
	}
	return fmt.Sprintf("irc: %s: Twitch removed this chat command; call %s of a helix.Client instead", e.Command, e.Instead)
}

// instead holds the services and methods of package helix that replaced chat commands.
//
// https://dev.twitch.tv/docs/chat/irc/ ("Migrating chat commands")
var instead = map[string]string{
	"announce":       "Chat.SendAnnouncement",
	"announceblue":   "Chat.SendAnnouncement",
	"announcegreen":  "Chat.SendAnnouncement",
	"announceorange": "Chat.SendAnnouncement",
	"announcepurple": "Chat.SendAnnouncement",
	"ban":            "Moderation.Ban",
	"timeout":        "Moderation.Ban",
	"unban":          "Moderation.Unban",
	"untimeout":      "Moderation.Unban",
	"clear":          "Moderation.DeleteMessages",
	"delete":         "Moderation.DeleteMessages",
	"color":          "Chat.UpdateUserColor",
	"commercial":     "Ads.StartCommercial",
	"emoteonly":      "Chat.UpdateSettings",
	"emoteonlyoff":   "Chat.UpdateSettings",
	"followers":      "Chat.UpdateSettings",
	"followersoff":   "Chat.UpdateSettings",
	"slow":           "Chat.UpdateSettings",
	"slowoff":        "Chat.UpdateSettings",
	"subscribers":    "Chat.UpdateSettings",
	"subscribersoff": "Chat.UpdateSettings",
	"uniquechat":     "Chat.UpdateSettings",
	"uniquechatoff":  "Chat.UpdateSettings",
	"r9kbeta":        "Chat.UpdateSettings",
	"r9kbetaoff":     "Chat.UpdateSettings",
	"marker":         "Streams.CreateMarker",
	"mod":            "Moderation.AddModerator",
	"unmod":          "Moderation.RemoveModerator",
	"mods":           "Moderation.AllModerators",
	"vip":            "Moderation.AddVIP",
	"unvip":          "Moderation.RemoveVIP",
	"vips":           "Moderation.AllVIPs",
	"raid":           "Raids.Start",
	"unraid":         "Raids.Cancel",
	"shoutout":       "Chat.SendShoutout",
	"w":              "Whispers.Send",
}

// checkCommand returns a [*CommandError] for a text that begins with "/" or ".", unless
// the command is "me".
func checkCommand(text string) error {
	text = strings.TrimLeft(text, " ")
	if text == "" || text[0] != '/' && text[0] != '.' {
		return nil
	}
	name, _, _ := strings.Cut(text[1:], " ")
	name = strings.ToLower(name)
	if name == "me" {
		return nil
	}
	return &CommandError{Command: text[:1] + name, Instead: instead[name]}
}
