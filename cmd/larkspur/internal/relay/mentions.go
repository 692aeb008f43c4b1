package relay

import "regexp"

// These are the mentions that notify many people: @all, @channel, @everyone, @here
// (Slack, Mattermost, Rocket.Chat and others), @room (Matrix), @**all** (Zulip),
// <!channel> (Slack), <@&role> (Discord), <users/all> (Google Chat), <at …> (Lark).
var (
	atMany    = regexp.MustCompile(`(?i)@(_?\*\*)?(all|channel|everyone|here|online|room|stream|topic)(\b|_)`)
	angleMany = regexp.MustCompile(`(?i)<(!|@&|users/all|at\b)`)
)

// quiet returns text in which such mentions have a zero-width space after their first
// character. They look the same and notify no one: the text may come from a viewer.
func quiet(text string) string {
	text = atMany.ReplaceAllString(text, "@\u200b$1$2$3")
	return angleMany.ReplaceAllString(text, "<\u200b$1")
}
