package cli

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/internal/config"
)

// everyType is the argument that selects all types.
const everyType = "all"

// A selectedType is an event type that the user selected.
type selectedType struct {
	eventsub.Info

	named bool // by its name, not by a pattern
}

// selectTypes returns the types that arguments select, each once: "channel.follow",
// "channel.chat.*" or "all", all of them with or without "@VERSION". Without a version,
// it is the newest of each name.
func selectTypes(args []string) ([]selectedType, error) {
	var selected []selectedType
	for _, arg := range args {
		name, version, _ := strings.Cut(arg, "@")
		found, err := matchTypes(name, version)
		if err != nil {
			return nil, err
		}
		if version == "" {
			found = newest(found)
		}
		for _, info := range found {
			same := func(s selectedType) bool { return s.Type == info.Type }
			if i := slices.IndexFunc(selected, same); i >= 0 {
				selected[i].named = selected[i].named || !isPattern(name)
				continue
			}
			selected = append(selected, selectedType{info, !isPattern(name)})
		}
	}
	return selected, nil
}

func isPattern(name string) bool { return name == everyType || strings.ContainsAny(name, "*?[") }

// matchTypes returns the types with a name or with names that match a pattern, in all
// versions or in one.
func matchTypes(name, version string) ([]eventsub.Info, error) {
	pattern := name
	if name == everyType {
		pattern = "*"
	}
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, fmt.Errorf("%q: a pattern has * for any characters, such as channel.chat.*", name)
	}
	var found []eventsub.Info
	var versions []string
	for _, info := range eventsub.Types() {
		if matches, _ := path.Match(pattern, info.Type.Name); !matches {
			continue
		}
		versions = append(versions, info.Type.Version)
		if version == "" || info.Type.Version == version {
			found = append(found, info)
		}
	}
	switch {
	case len(found) > 0:
		return found, nil
	case len(versions) > 0 && !isPattern(name):
		return nil, fmt.Errorf("%s has no version %q; it has %s", name, version, strings.Join(versions, " and "))
	case len(versions) > 0:
		return nil, fmt.Errorf("no event type that matches %s has a version %q", name, version)
	default:
		return nil, noSuchType(name)
	}
}

func noSuchType(name string) error {
	return fmt.Errorf("there is no event type %q%s\nTo list all event types, run:\n  larkspur events list", printable(name), config.DidYouMean(name, typeNames()))
}

// newest returns the newest version of each type.
func newest(all []eventsub.Info) []eventsub.Info {
	var found []eventsub.Info
	for _, info := range all {
		same := func(other eventsub.Info) bool { return other.Type.Name == info.Type.Name }
		i := slices.IndexFunc(found, same)
		switch {
		case i < 0:
			found = append(found, info)
		case compareVersions(info.Type.Version, found[i].Type.Version) > 0:
			found[i] = info
		}
	}
	return found
}

// compareVersions compares numbers; "beta" is before all of them.
func compareVersions(a, b string) int {
	order := func(version string) int {
		if strings.Trim(version, "0123456789") != "" {
			return 0
		}
		return len(version)
	}
	return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(a, b))
}

// typeNames returns the names of all event types, each once.
func typeNames() []string {
	var names []string
	for _, info := range eventsub.Types() {
		names = append(names, info.Type.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// completeTypes completes the names of event types, with their titles.
func completeTypes(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var found []cobra.Completion
	if strings.HasPrefix(everyType, typed) && len(args) == 0 {
		found = append(found, cobra.CompletionWithDesc(everyType, "every type"))
	}
	for _, info := range newest(eventsub.Types()) {
		if strings.HasPrefix(info.Type.Name, typed) && !slices.Contains(args, info.Type.Name) {
			found = append(found, cobra.CompletionWithDesc(info.Type.Name, info.Name))
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// matchesType reports whether the argument of selectTypes selects a type in any version.
func matchesType(arg, name, version string) bool {
	pattern, wanted, _ := strings.Cut(arg, "@")
	if pattern == everyType {
		pattern = "*"
	}
	matches, _ := path.Match(pattern, name)
	return matches && (wanted == "" || wanted == version)
}
