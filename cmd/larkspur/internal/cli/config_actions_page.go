package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/larkspur-dev/larkspur/skill"
)

// actionsPage prints the reference of all actions in Markdown.
func actionsPage(out io.Writer) {
	fmt.Fprint(out, `# What skills can do

Every action of a skill, as `+"`larkspur config actions --markdown`"+` prints them. An action stands in `+"`do:`"+` with a dash before it; beside it may stand `+"`if:`"+` (an expression), `+"`as:`"+` (another
name for its outcome) and `+"`on-error: continue`"+`. Scripts call it as `+"`call.name(…)`"+`, with its fields in this order, a dash being an underscore.

`)
	cell := strings.NewReplacer("|", `\|`, "\n", " ")
	for _, a := range skill.Actions() {
		fmt.Fprintf(out, "## %s\n\n%s\n\n```yaml\n- %s\n```\n", a.Name, a.About, strings.TrimSuffix(strings.TrimSpace(a.Name+": "+a.Example), ":"))
		if len(a.Fields) > 0 {
			fmt.Fprint(out, "\n| field | type | |\n|---|---|---|\n")
		}
		for _, f := range a.Fields {
			name, typ, about := "`"+f.Name+"`", f.Type, f.About
			if f.Alias != "" {
				name += " or `" + f.Alias + "`"
			}
			if len(f.Values) > 0 {
				typ = strings.Join(f.Values, ", ")
			}
			switch {
			case f.Default != "":
				about += "; default: " + f.Default
			case f.Required:
				about += "; needed"
			}
			fmt.Fprintf(out, "| %s | %s | %s |\n", name, cell.Replace(typ), cell.Replace(about))
		}
		if a.Short != "" {
			fmt.Fprintf(out, "\nA value that is no mapping is `%s`.\n", a.Short)
		}
		if len(a.Outcome) > 0 {
			parts := make([]string, len(a.Outcome))
			for i, attr := range a.Outcome {
				parts[i] = "`" + a.Result + "." + attr.Name + "` (" + attr.About + ")"
			}
			fmt.Fprintf(out, "\nLater actions can read %s.\n", strings.Join(parts, ", "))
		}
		fmt.Fprintln(out)
	}
}
