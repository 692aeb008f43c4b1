package helix

import (
	"slices"
	"time"
)

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
	MinItems  int      // of a repeated parameter
	MaxItems  int      // of a repeated parameter; 0: unlimited
	Split     bool     // a list of more than MaxItems is handed over in several calls
	MinLength int      // in characters; 0: unlimited
	MaxLength int      // in characters; 0: unlimited
	MaxBytes  int      // 0: unlimited
	Pattern   string   // a regular expression that the value matches
	Min, Max  float64  // of a number, where HasMin or HasMax
	HasMin    bool     // Min holds
	HasMax    bool     // Max holds
	Enum      []string // the only values Twitch accepts
	Fields    []Param  // of an object, or of the objects in an array

	Rules  []ParamRules // rules over several of Fields
	Scopes Scopes       // what a user token needs in addition if the parameter is given, and not false

	// UsedWhen says which option switches the parameter on; nil: it always counts. While
	// the option is off, Twitch ignores the value, and a value below Min is not refused.
	UsedWhen *When
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

// ParamRules constrain parameters in view of others. Each non-empty list is a rule.
type ParamRules struct {
	ExactlyOneOf []string
	AtLeastOneOf []string
	AtMostOneOf  []string
	AllOrNone    []string
	UnlessToken  TokenKind // the rule does not hold with this kind of token
	MaxTotal     int       // most values that the parameters Of may have together
	Of           []string
	Required     []string // must be given
	Forbidden    []string // must not be given
	When         *When    // Required and Forbidden hold only then; nil: always
}

// When is a condition of a rule: that one of Params is given, and has one of
// Values if there are any.
type When struct {
	Params []string
	Values []string
	Not    bool // the reverse
}

// A RateLimit is a limit of one endpoint that Twitch's headers do not show.
type RateLimit struct {
	Max           int
	WindowSeconds int
	Per           string   // what is counted, in words: "broadcaster", "sender" …
	Params        []string // calls with the same values of these are counted together; empty: all calls of a token's user
	Distinct      string   // if set, only different values of this parameter are counted
	Account       string   // holds only for this type of broadcaster: "partner"; "": for all
}

// Window returns the length of the stretch of time in which calls are counted.
func (l *RateLimit) Window() time.Duration { return time.Duration(l.WindowSeconds) * time.Second }

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

// A Role is the role of a user in a channel.
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
