package api

import (
	"slices"
	"strconv"

	"github.com/larkspur-dev/larkspur/helix"
)

// A leniency is something that the emulator accepts although Twitch's documentation has it
// otherwise, because clients that work with Twitch depend on it. Strict turns them all off.
type leniency struct {
	accepts  string             // what is accepted, in words
	clients  string             // who sends it
	evidence string             // what they send
	apply    func(c *call) bool // turns it into what is documented, and reports whether there was any
}

// leniencies are applied in this order. After them, every parameter stands where the
// endpoint's table has it and has the type that the table says.
var leniencies = []leniency{
	{
		"a form instead of a JSON body",
		"twitch.py 4.0.4",
		"http.py sends Send Chat Message, Start Commercial, Create Conduits and Update Drops Entitlements with data=, not json=",
		(*call).takeForm,
	},
	{
		"fields of the body in the query",
		"TwitchIO 3.3, twitch.py 4.0.4, twitchAPI 4.5, twurple 8, nicklaw5/helix 2.32",
		"POST /eventsub/conduits?shard_count=2 and PATCH /eventsub/conduits/shards?conduit_id= (TwitchIO), PATCH /polls?broadcaster_id=&id=&status= (twitch.py), " +
			"POST /channels/commercial?length= (twitchAPI, nicklaw5/helix), POST /chat/messages?sender_id= (twurple); " +
			"Twitch's own examples of Update Channel Guest Star Settings",
		(*call).takeFieldsFromQuery,
	},
	{
		"parameters of the query in the body",
		"twitch.py 4.0.4, nicklaw5/helix 2.32",
		"PATCH /moderation/unban_requests {\"status\": …} and PATCH /schedule/settings {\"timezone\": …} (twitch.py), PATCH /schedule/segment {\"id\": …} (nicklaw5/helix)",
		(*call).takeQueryFromBody,
	},
	{
		"True, False, 1 and 0 as booleans in the query",
		"twitch.py 4.0.4, twitchAPI 4.5, TwitchIO 3.3",
		"GET /search/channels?live_only=False: Python's str of a bool",
		(*call).fixBooleans,
	},
	{
		"numbers as text, text as numbers, booleans as text or numbers in the body",
		"twitch.py 4.0.4, twitchAPI 4.5, TwitchIO 3.3",
		"POST /schedule/segment {\"duration\": 60}, where text is documented",
		(*call).fixTypes,
	},
}

// beLenient applies the leniencies.
func (c *call) beLenient() {
	if c.strict {
		return
	}
	for i := range leniencies {
		if l := &leniencies[i]; l.apply(c) {
			c.log.Debug("helix accepted what is not documented", "endpoint", c.endpoint.ID, "accepted", l.accepts)
		}
	}
}

// dropMisplaced forgets parameters that do not stand where they are documented, so that
// a value that is checked is the value that is used.
func (c *call) dropMisplaced() {
	for _, p := range c.endpoint.Body {
		if len(c.query) > 0 && !has(c.endpoint.Query, p.Name) {
			delete(c.query, p.Name)
		}
	}
	for _, p := range c.endpoint.Query {
		if len(c.body) > 0 && !has(c.endpoint.Body, p.Name) {
			delete(c.body, p.Name)
		}
	}
}

func has(params []helix.Param, name string) bool {
	return slices.ContainsFunc(params, func(p helix.Param) bool { return p.Name == name })
}

// takeForm moves the fields of a form to where they are documented.
func (c *call) takeForm() bool {
	for name, values := range c.form {
		if has(c.endpoint.Query, name) && !c.query.Has(name) {
			c.query[name] = values
		}
	}
	return c.takeFields(c.form)
}

func (c *call) takeFieldsFromQuery() bool { return c.takeFields(c.query) }

// takeFields takes what the body lacks from text, and reports whether there was anything.
func (c *call) takeFields(text map[string][]string) (taken bool) {
	if len(text) == 0 {
		return false
	}
	for _, p := range c.endpoint.Body {
		values := text[p.Name]
		if len(values) == 0 || c.body[p.Name] != nil || p.Type == helix.Object || p.Type == helix.Map || has(c.endpoint.Query, p.Name) {
			continue
		}
		if c.body == nil {
			c.body = obj{}
		}
		c.body[p.Name] = values[0] // fixTypes makes a number or a boolean of it
		if p.Repeated {
			c.body[p.Name] = every(values, func(v string) any { return v })
		}
		taken = true
	}
	return taken
}

func (c *call) takeQueryFromBody() (taken bool) {
	if c.body == nil {
		return false
	}
	for _, p := range c.endpoint.Query {
		value := c.body[p.Name]
		if value == nil {
			value = c.around[p.Name]
		}
		if value == nil || c.query.Has(p.Name) || has(c.endpoint.Body, p.Name) {
			continue
		}
		items, isList := value.([]any)
		if !isList {
			items = []any{value}
		}
		for _, item := range items {
			if text, ok := asText(item); ok {
				c.query.Add(p.Name, text)
				taken = true
			}
		}
	}
	return taken
}

// asText writes a plain value of JSON as the query would have it.
func asText(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	return "", false
}
