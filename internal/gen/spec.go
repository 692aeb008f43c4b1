package gen

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Spec is the part of spec/*.json that the generator uses.
type Spec struct {
	Endpoints []SpecEndpoint
	Events    []SpecEvent
	Scopes    []SpecScope

	ShardStatus []string
}

// SpecEndpoint is one operation in helix.json.
type SpecEndpoint struct {
	ID         string
	Name       string
	Group      string
	Method     string
	Path       string
	Status     string
	Docs       string // address in Twitch's reference
	Auth       SpecAuth
	Query      []SpecField
	Body       *SpecFields
	Response   *SpecFields
	Pagination *struct {
		PageSizeMax     int
		PageSizeDefault int
	}
	SuccessStatus    []int
	RateLimits       []SpecRateLimit
	QueryConstraints []SpecConstraint
	BodyConstraints  []SpecConstraint
	Deprecated       *struct {
		Since       string
		Replacement string
		GoneStatus  int
		GoneSince   string
	}
}

// SpecFields is a body.
type SpecFields struct {
	ContentType string
	Fields      []SpecField
}

// SpecEvent is one version of an event type in eventsub.json.
type SpecEvent struct {
	Type       string
	Version    string
	Name       string
	Group      string
	Status     string
	Docs       string // address in Twitch's reference
	PayloadKey string
	Auth       SpecAuth
	Condition  []SpecField
	Event      SpecFields
	Transports []string
	// TransportsByAuthorization are those that the type's authorization allows, where
	// Twitch's page lists more.
	TransportsByAuthorization []string
	// Each constraint is a rule over the fields of the condition.
	ConditionConstraints []SpecConstraint
}

// SpecAuth holds the requirements on the token: its kind, its user and its scopes.
type SpecAuth struct {
	Tokens              []string
	Scopes              SpecScopes
	OptionalScopes      []SpecOptionalScope
	AppTokenGrants      []SpecGrant
	TokenUserMatches    []SpecParamRef
	TokenUserMatchesAny []SpecParamRef
	Roles               []string
	WebSocketTokenUser  string
}

// SpecScopes are groups of scopes. All groups are needed; any scope satisfies its group.
type SpecScopes struct {
	AllOf []struct{ AnyOf []string }
}

// SpecOptionalScope is a scope with which a response contains more.
type SpecOptionalScope struct{ Scope, Adds string }

// SpecGrant holds the scopes that a user must have granted before an app token may be
// used.
type SpecGrant struct {
	Scopes    SpecScopes
	GrantedBy SpecParamRef
	OrElse    string
}

// SpecParamRef names a parameter.
type SpecParamRef struct{ In, Param string }

// SpecRateLimit is a limit of one endpoint.
type SpecRateLimit struct {
	AccountType        string
	Max, WindowSeconds int
	Per                string
	Counts             string // what is counted, if not every call
}

// SpecConstraint is a rule over several parameters.
type SpecConstraint struct {
	ExactlyOneOf, AtLeastOneOf, AtMostOneOf, AllOrNone []string

	UnlessToken string
	MaxTotal    int
	Of          []string
	Exclusive   [][]string
}

// SpecScope is one scope in scopes.json.
type SpecScope struct {
	Scope      string
	Surface    string
	Deprecated bool
}

func readSpec(dir string) (*Spec, error) {
	var (
		helix  struct{ Endpoints []SpecEndpoint }
		events struct {
			Types       []SpecEvent
			ShardStatus []string
		}
		scopes struct{ Scopes []SpecScope }
	)
	for name, target := range map[string]any{"helix.json": &helix, "eventsub.json": &events, "scopes.json": &scopes} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(raw, target); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return &Spec{Endpoints: helix.Endpoints, Events: events.Types, Scopes: scopes.Scopes, ShardStatus: events.ShardStatus}, nil
}
