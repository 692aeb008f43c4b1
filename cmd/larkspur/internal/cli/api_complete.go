package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/helix"
)

// complete registers f as the completion of a flag.
func complete(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err) // the flag does not exist: a mistake in this package
	}
}

// completeEndpoint completes METHOD and PATH.
func completeEndpoint(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var found []cobra.Completion
	for _, e := range helix.Endpoints() {
		switch len(args) {
		case 0:
			if strings.HasPrefix(e.Method, strings.ToUpper(typed)) && !slices.Contains(found, e.Method) {
				found = append(found, e.Method)
			}
		case 1:
			if strings.EqualFold(e.Method, args[0]) && strings.HasPrefix(e.Path, "/"+strings.TrimPrefix(typed, "/")) {
				found = append(found, cobra.CompletionWithDesc(e.Path, e.Name))
			}
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// completeParam completes NAME=VALUE: first the name, then the values where they
// are known.
func completeParam(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) < 2 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	e, _, err := findEndpoint(args[0], args[1])
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var found []cobra.Completion
	name, _, hasName := strings.Cut(typed, "=")
	for _, p := range slices.Concat(e.Query, e.Body) {
		switch {
		case p.Type == helix.Object || p.Type == helix.Map:
		case !hasName && strings.HasPrefix(p.Name, typed):
			found = append(found, cobra.CompletionWithDesc(p.Name+"=", paramText(p)))
		case hasName && p.Name == name:
			for _, value := range valuesOf(p) {
				if full := name + "=" + value; strings.HasPrefix(full, typed) {
					found = append(found, full)
				}
			}
		}
	}
	if !hasName {
		return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

func valuesOf(p helix.Param) []string {
	if p.Type == helix.Boolean {
		return []string{"true", "false"}
	}
	return p.Enum
}

// paramText describes a parameter in a few words.
func paramText(p helix.Param) string {
	text := string(p.Type)
	if p.Required {
		text = "required " + text
	}
	if p.Repeated {
		text += ", repeatable"
	}
	return text
}

// completeLogin completes the logins of stored accounts.
func completeLogin(p Process) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		flag := func(name string) string {
			value, _ := cmd.Flags().GetString(name)
			return value
		}
		a, err := openApp(cmd.Context(), withoutStdin(p), appFlags{config: flag("config"), storeFlags: storeFlags{state: flag("state"), file: flag("token-file"), key: flag("token-key")}})
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		users, _ := a.manager().List(cmd.Context())
		var logins []cobra.Completion
		for _, u := range users {
			logins = append(logins, u.Login)
		}
		return logins, cobra.ShellCompDirectiveNoFileComp
	}
}

// withoutStdin returns p without standard input: completion never asks for a passphrase.
func withoutStdin(p Process) Process {
	p.Stdin = strings.NewReader("")
	return p
}
