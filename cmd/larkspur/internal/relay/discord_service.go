package relay

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// discordPart is what the number and the token of a webhook consist of.
var discordPart = regexp.MustCompile(`^[\w-]+$`)

// discordService returns the webhook behind discord://token@id, shoutrrr's form of the
// address. shoutrrr's own sender lets mentions in a text notify people.
//
// thread_id, username and avatar are used. Colours, title and splitlines, which shape
// shoutrrr's embeds, are accepted and have no effect.
func discordService(u *url.URL, client *http.Client) (sender, error) {
	token := u.User.Username()
	if !discordPart.MatchString(u.Host) || !discordPart.MatchString(token) {
		return nil, errors.New("it lacks the number or the token of the webhook")
	}
	if strings.Trim(u.Path, "/") != "" {
		return nil, errors.New("a path after the number of the webhook is not supported")
	}
	d := discordWebhook{client: client}
	query := url.Values{}
	for name, values := range u.Query() {
		value := strings.TrimSpace(values[0])
		switch strings.ToLower(name) {
		case "thread_id":
			if value != "" {
				query.Set("thread_id", value)
			}
		case "username":
			d.user = value
		case "avatar", "avatarurl":
			d.avatar = value
		case "title", "splitlines", "color", "colorerror", "colorwarn", "colorinfo", "colordebug":
		case "json":
			if raw, err := yes(u.Query(), name); raw || err != nil {
				return nil, errors.New("json is not supported; generic+https:// with ?template=json posts other JSON")
			}
		default:
			return nil, errors.New("it has an unknown parameter")
		}
	}
	to := url.URL{Scheme: "https", Host: "discord.com", Path: "/api/webhooks/" + u.Host + "/" + token, RawQuery: query.Encode()}
	d.address = to.String()
	return d, nil
}
