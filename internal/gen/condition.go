package gen

import (
	"fmt"
	"strings"
)

// condition returns the struct that selects events of a type.
func (w *eventsWriter) condition(e *Event) *Struct {
	s := &Struct{Name: e.Name + "Condition"}
	s.Doc = []string{fmt.Sprintf("%s selects the [%s] events to receive.", s.Name, e.Name)}
	user := conditionUser(e.spec.Auth)
	for _, f := range e.spec.Condition {
		tag := fmt.Sprintf(`json:"%s"`, f.Name)
		if !f.Required {
			tag = fmt.Sprintf(`json:"%s,omitzero"`, f.Name)
		}
		var comment string
		if f.Name == user {
			comment = "must have granted the scopes"
			if len(e.spec.Auth.Scopes.AllOf) == 1 && len(e.spec.Auth.Scopes.AllOf[0].AnyOf) == 1 {
				comment = "must have granted the scope"
			}
		}
		s.Fields = append(s.Fields, &Field{Name: exported(f.Name), JSON: f.Name, Type: "string", Tag: tag, Comment: comment})
	}
	for _, c := range e.spec.ConditionConstraints {
		s.Doc = append(s.Doc, wrap("Exactly one of "+strings.Join(exportedAll(c.ExactlyOneOf), " and ")+" must be set.")...)
	}
	return s
}

func exportedAll(names []string) []string {
	var out []string
	for _, n := range names {
		out = append(out, exported(n))
	}
	return out
}

// conditionUser is the field of the condition whose user a WebSocket
// subscription's token must belong to.
func conditionUser(a SpecAuth) string { return strings.TrimPrefix(a.WebSocketTokenUser, "condition.") }

// info writes the fields of an Info.
func (w *eventsWriter) info(e *Event) string {
	var l literal
	s := e.spec
	l.field("Type", fmt.Sprintf("Type{Name: %q, Version: %q}", s.Type, s.Version))
	l.field("Name", quote(s.Name))
	l.field("Group", quote(s.Group))
	l.field("Status", "helix."+statusName(s.Status))
	l.field("Scopes", e.Scopes)
	l.field("TokenUser", quote(conditionUser(s.Auth)))
	l.field("Roles", rolesLiteral(s.Auth.Roles, "helix."))
	transports := s.Transports
	if s.TransportsByAuthorization != nil {
		transports = s.TransportsByAuthorization
	}
	l.field("Transports", quoted(transports))
	var fields []string
	for _, f := range s.Condition {
		if f.Required {
			fields = append(fields, fmt.Sprintf("{Name: %q, Required: true}", f.Name))
		} else {
			fields = append(fields, fmt.Sprintf("{Name: %q}", f.Name))
		}
	}
	l.field("Condition", "[]ConditionField{"+strings.Join(fields, ", ")+"}")
	for _, c := range s.ConditionConstraints {
		l.field("ExactlyOne", quoted(c.ExactlyOneOf))
	}
	l.field("Batched", fmt.Sprint(s.PayloadKey == "events"))
	l.field("Recurs", fmt.Sprint(e.Recurs))
	l.field("New", fmt.Sprintf("func() Payload { return new(%s) }", e.Name))
	return l.String()
}
