package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A followPlan is what `larkspur events` subscribes to.
type followPlan struct {
	account    oauth.User // whose token is used where the condition does not decide
	channels   []channel  // whose events are followed
	conditions []eventsub.Condition
	keys       map[string]bool // of the conditions
	left       []leftOut       // what a pattern selected and cannot be followed
}

// A channel is a broadcaster.
type channel struct{ id, login string }

// A leftOut is a type that cannot be followed, and why.
type leftOut struct {
	kind    eventsub.Type
	why     string
	user    string       // login of the user who has to grant missing
	missing helix.Scopes // nil: something else is wrong
}

// A planner makes a plan.
type planner struct {
	s         *apiSession
	f         *followFlags
	transport string
	types     []selectedType
	fields    []conditionValue // of --condition

	plan followPlan
	seen map[string]bool // the conditions that were looked at, as text
}

// wants reports whether the plan has a condition.
func (p *followPlan) wants(t eventsub.Type, fields map[string]string) bool {
	c, err := eventsub.NewCondition(t, fields)
	return err == nil && p.keys[fmt.Sprint(c)]
}

// newPlan finds out what to subscribe to, and whether the users have granted the scopes.
// A type that the user named must be possible; a pattern leaves out what is not.
func newPlan(ctx context.Context, s *apiSession, f *followFlags, types []selectedType) (*followPlan, error) {
	p := &planner{s: s, f: f, transport: f.transport(), types: types, seen: map[string]bool{}, plan: followPlan{keys: map[string]bool{}}}
	if err := s.become(ctx, ""); err != nil {
		return nil, err
	}
	var err error
	if p.fields, err = parseConditions(f.conditions, types); err != nil {
		return nil, usageError{err}
	}
	if p.plan.account, err = p.account(); err != nil {
		return nil, err
	}
	if s.tw = s.tw.As(""); p.transport == overWebSocket {
		s.tw = s.tw.As(p.plan.account.ID)
	}
	if p.plan.channels, err = p.findChannels(ctx); err != nil {
		return nil, err
	}
	if err := p.findConditionUsers(ctx); err != nil {
		return nil, err
	}
	for _, t := range types {
		for _, c := range p.plan.channels {
			if err := p.add(t, c); err != nil {
				return nil, err
			}
		}
	}
	return &p.plan, p.check()
}

// add adds the condition of a type for a channel, or the reason why there is none.
func (p *planner) add(t selectedType, c channel) error {
	own := eventsub.Own{BroadcasterID: c.id, UserID: p.plan.account.ID, ClientID: p.s.tw.ClientID()}
	fields := own.Fields(t.Type)
	p.override(t.Info, fields)
	condition, err := eventsub.NewCondition(t.Type, fields)
	switch {
	case !slices.Contains(t.Transports, p.transport):
		return p.leave(t, leftOut{why: "not sent over " + p.transport + ", only over " + strings.Join(t.Transports, " and ")})
	case err != nil && t.named:
		return usageError{fmt.Errorf("%s: %s\nTo give the field, add:\n  --condition FIELD=VALUE", typeArg(t.Type), strings.TrimPrefix(err.Error(), "eventsub: "))}
	case err != nil:
		return p.leave(t, leftOut{why: strings.TrimPrefix(err.Error(), "eventsub: ")})
	}
	if key := fmt.Sprint(condition); !p.seen[key] {
		p.seen[key] = true
		if problem := p.permission(t.Info, fields); problem != nil {
			return p.leave(t, *problem)
		}
		p.plan.conditions = append(p.plan.conditions, condition)
		p.plan.keys[key] = true
	}
	return nil
}

// override sets the fields of --condition. Of fields that exclude each other, the given
// one stays.
func (p *planner) override(info eventsub.Info, fields map[string]string) {
	for _, f := range p.fields {
		if !hasField(info, f.name) {
			continue
		}
		if slices.Contains(info.ExactlyOne, f.name) {
			for _, other := range info.ExactlyOne {
				delete(fields, other)
			}
		}
		fields[f.name] = f.value
	}
}

// permission returns what is missing for a condition, nil if nothing is known to be. Of
// users who have not logged in here, Twitch knows what they have granted.
func (p *planner) permission(info eventsub.Info, fields map[string]string) *leftOut {
	userID := p.plan.account.ID
	if info.TokenUser != "" {
		userID = fields[info.TokenUser]
	}
	for _, u := range p.s.users {
		if u.ID != userID {
			continue
		}
		missing := info.Scopes.Missing(u.Scopes)
		switch {
		case u.Problem != "" && p.transport == overWebSocket:
			return &leftOut{why: u.Login + " must log in again: " + u.Problem, user: u.Login, missing: info.Scopes}
		case missing != nil:
			return &leftOut{why: u.Login + " has not granted " + scopeText(missing), user: u.Login, missing: missing}
		}
		return nil
	}
	if p.transport != overWebSocket {
		return nil
	}
	return &leftOut{why: "it needs the login of " + p.nameOf(userID) + ", the " + grantedBy(info.TokenUser), user: p.nameOf(userID), missing: info.Scopes}
}

func (p *planner) leave(t selectedType, l leftOut) error {
	l.kind = t.Type
	p.plan.left = append(p.plan.left, l)
	if t.named && l.missing == nil && l.user == "" {
		return usageError{fmt.Errorf("%s cannot be followed: %s", typeArg(t.Type), l.why)}
	}
	return nil
}

// check returns an error if a type that the user named cannot be followed, or if nothing
// can.
func (p *planner) check() error {
	named := func(l leftOut) bool {
		return slices.ContainsFunc(p.types, func(t selectedType) bool { return t.named && t.Type == l.kind })
	}
	if len(p.plan.conditions) > 0 && !slices.ContainsFunc(p.plan.left, named) {
		return nil
	}
	var lines []string
	for _, l := range p.plan.left {
		if len(p.plan.conditions) == 0 || named(l) {
			lines = append(lines, typeArg(l.kind)+" cannot be followed: "+l.why)
		}
	}
	return errors.New(strings.Join(slices.Compact(lines), "\n") + p.f.remedy(p.plan.left))
}

// typeArg formats a type as an argument: "channel.follow@2".
func typeArg(t eventsub.Type) string { return t.Name + "@" + t.Version }
