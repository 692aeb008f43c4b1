package helix

import "slices"

// An Endpoint is one operation of Twitch's API as data: how it is called, whose
// token it needs and what it costs. Every method of this package is one line
// over an Endpoint; logs and metrics label by it, the emulator routes from it.
//
// [Endpoints] lists them all. An Endpoint must not be changed.
type Endpoint struct {
	ID     string // anchor in Twitch's reference: "send-chat-message"
	Name   string // title in Twitch's reference: "Send Chat Message"
	Group  string // section of Twitch's reference: "Chat"
	Method string // HTTP method
	Path   string // below the base URL: "/chat/messages"
	Status Status

	Query []Param // query parameters, in Twitch's order
	Body  []Param // body fields, in Twitch's order; of the wrapped object where Wrap is set
	Wrap  string  // the single body field that holds all others, or ""

	Tokens     TokenKind    // kinds of token that are accepted; 0: none is needed
	Scopes     Scopes       // what a user token must have been granted
	AppGrants  []AppGrant   // what users must have granted before an app token may be used
	TokenUser  []string     // parameters of which one must name the token's user
	Roles      []Role       // what the token's user must be in the channel; empty: anything
	Success    int          // status of a good answer
	Idempotent bool         // calling twice has the effect of calling once
	Paginated  bool         // answers carry a cursor
	PageMax    int          // largest page size, 0 where it is not documented
	PageSize   int          // default page size
	Limits     []RateLimit  // limits of this endpoint beside the client's bucket
	Rules      []ParamRules // rules over several parameters
}

// Status says how firmly Twitch supports an endpoint or event type.
type Status string

// The states an endpoint or event type can be in.
const (
	Stable     Status = "stable"
	Recent     Status = "new" // younger than Twitch's reference of 2026-02
	Beta       Status = "beta"
	Deprecated Status = "deprecated"
)

// A Param is one query parameter or body field of an [Endpoint].
type Param struct {
	Name      string
	Type      ParamType
	Required  bool
	Repeated  bool     // may be given several times (query) or is an array (body)
	MaxItems  int      // of a repeated parameter; 0: unlimited
	MinLength int      // in characters; 0: unlimited
	MaxLength int      // in characters; 0: unlimited
	Min, Max  float64  // of a number, where HasMin or HasMax
	HasMin    bool     // Min holds
	HasMax    bool     // Max holds
	Enum      []string // the only values Twitch accepts
	Fields    []Param  // of an object, or of the objects in an array
}

// ParamType is the JSON type of a parameter.
type ParamType string

// The types of parameters.
const (
	String  ParamType = "string"
	Integer ParamType = "integer"
	Number  ParamType = "number"
	Boolean ParamType = "boolean"
	Object  ParamType = "object"
	Map     ParamType = "map"
)

// ParamRules constrain several parameters at once. Each non-empty list is a rule.
type ParamRules struct {
	ExactlyOneOf []string
	AtLeastOneOf []string
	AtMostOneOf  []string
	AllOrNone    []string
	UnlessToken  TokenKind // the rule does not hold with this kind of token
	MaxTotal     int       // most values that the parameters Of may have together
	Of           []string
}

// A RateLimit is a limit of one endpoint that Twitch's headers do not show.
type RateLimit struct {
	Max           int
	WindowSeconds int
	Per           string // what is counted: "broadcaster", "user", "target" …
}

// TokenKind is a set of kinds of token.
type TokenKind uint8

// The kinds of token that Twitch knows.
const (
	UserToken TokenKind = 1 << iota
	AppToken
	JWT // signed by an extension's back end
)

// Has reports whether k includes all of kinds.
func (k TokenKind) Has(kinds TokenKind) bool { return k&kinds == kinds }

// Role is what somebody is in a channel.
type Role string

// The roles that endpoints ask for.
const (
	Broadcaster Role = "broadcaster"
	Moderator   Role = "moderator"
	Editor      Role = "editor"
)

// An AppGrant is what a user must have granted to the client before an app
// token may act for them.
type AppGrant struct {
	Param  string // the parameter that names the user
	Scopes Scopes
	OrElse string // what serves instead of the grant, in words
}

// Scopes are the scopes something needs: one of each group, all groups.
type Scopes [][]string

// Missing returns the groups of which granted has none. Nil means that granted suffices.
func (s Scopes) Missing(granted []string) Scopes {
	var missing Scopes
	for _, group := range s {
		if !slices.ContainsFunc(group, func(scope string) bool { return slices.Contains(granted, scope) }) {
			missing = append(missing, group)
		}
	}
	return missing
}

// Minimal returns one scope of each group, the first, which is the least powerful.
func (s Scopes) Minimal() []string {
	var scopes []string
	for _, group := range s {
		if len(group) > 0 && !slices.Contains(scopes, group[0]) {
			scopes = append(scopes, group[0])
		}
	}
	return scopes
}
