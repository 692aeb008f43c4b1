package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A conditionValue is a field that --condition sets.
type conditionValue struct{ name, value, text string }

// isLogin reports whether the value is the login of a user where Twitch wants an id.
func (c conditionValue) isLogin() bool { return strings.HasSuffix(c.name, "user_id") && !isID(c.value) }

// parseConditions parses FIELD=VALUE. A field must belong to one of the types.
func parseConditions(texts []string, types []selectedType) ([]conditionValue, error) {
	var values []conditionValue
	for _, text := range texts {
		name, value, found := strings.Cut(text, "=")
		if !found || value == "" {
			return nil, fmt.Errorf("--condition %s: want FIELD=VALUE", printable(text))
		}
		if !slices.ContainsFunc(types, func(t selectedType) bool { return hasField(t.Info, name) }) {
			return nil, fmt.Errorf("--condition %s: the types have no field %q%s", printable(text), printable(name), known(name, conditionFields(types)))
		}
		values = append(values, conditionValue{name, strings.TrimPrefix(value, "@"), text})
	}
	return values, nil
}

func hasField(info eventsub.Info, name string) bool {
	return slices.ContainsFunc(info.Condition, func(f eventsub.ConditionField) bool { return f.Name == name })
}

// conditionFields returns the fields in the conditions of types, each once.
func conditionFields(types []selectedType) []string {
	var names []string
	for _, t := range types {
		for _, f := range t.Condition {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// completeCondition completes the fields in the conditions of the types given so far.
func completeCondition(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	types, err := selectTypes(args)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var found []cobra.Completion
	for _, name := range conditionFields(types) {
		if strings.HasPrefix(name+"=", typed) {
			found = append(found, name+"=")
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// findUsers finds users by login, or by id if there is no such login and it is a number.
// The result has the names as they were given, without those that do not exist.
func (s *apiSession) findUsers(ctx context.Context, names []string) (map[string]channel, error) {
	found := map[string]channel{}
	var logins, ids []string
	for _, name := range names {
		plain := strings.ToLower(strings.TrimPrefix(name, "@"))
		i := slices.IndexFunc(s.users, func(u oauth.User) bool { return isUser(u, name) })
		switch {
		case i >= 0:
			found[name] = channel{s.users[i].ID, s.users[i].Login}
		case isID(plain):
			ids = append(ids, plain)
		case loginName.MatchString(plain):
			logins = append(logins, plain)
		}
	}
	var users []helix.User
	for chunk := range slices.Chunk(logins, loginsInRequest) {
		all, err := s.tw.Users.Get(ctx, helix.GetUsersParams{Logins: chunk})
		if err != nil {
			return nil, err
		}
		users = append(users, all...)
	}
	for chunk := range slices.Chunk(ids, loginsInRequest) {
		all, err := s.tw.Users.Get(ctx, helix.GetUsersParams{IDs: chunk})
		if err != nil {
			return nil, err
		}
		users = append(users, all...)
	}
	for _, name := range names {
		for _, u := range users {
			plain := strings.TrimPrefix(name, "@")
			if strings.EqualFold(u.Login, plain) || u.ID == plain {
				found[name] = channel{u.ID, u.Login}
			}
		}
	}
	return found, nil
}
