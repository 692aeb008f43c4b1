package api

import "github.com/larkspur-dev/larkspur/helix"

// fieldsFromQuery takes the texts of Send Chat Message from the query where the
// body lacks them. The documentation wants them in the body, Twitch takes both:
// twurple sends the ids in the query, twitchAPI everything.
func (c *call) fieldsFromQuery() {
	if c.endpoint.ID != "send-chat-message" {
		return
	}
	for _, p := range c.endpoint.Body {
		if _, there := c.body[p.Name]; there || p.Type != helix.String || !c.query.Has(p.Name) {
			continue
		}
		if c.body == nil { // the request has none, or null
			c.body = obj{}
		}
		c.body[p.Name] = c.query.Get(p.Name)
	}
}
