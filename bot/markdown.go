package bot

import "strings"

// Markdown returns a page in Markdown that lists all commands, with usage, aliases and
// what [About] says.
func (b *Bot) Markdown() string {
	var page strings.Builder
	page.WriteString("| command | what it does |\n|---|---|\n")
	cell := strings.NewReplacer("|", `\|`, "\n", " ", "<", `\<`)
	t := b.tree.Load()
	for _, cmd := range t.order {
		about := cmd.About
		if about == "" {
			about = t.aboutGroup(cmd.Name)
		}
		if len(cmd.Aliases) > 0 {
			if about != "" {
				about += "; "
			}
			about += "also " + b.o.Prefix + strings.Join(cmd.aliasNames(), ", "+b.o.Prefix)
		}
		page.WriteString("| " + cell.Replace(b.usage(cmd, b.o.Prefix)) + " | " + cell.Replace(about) + " |\n")
	}
	return page.String()
}

// aliasNames returns the aliases with the words before them.
func (cmd *command) aliasNames() []string {
	words := strings.Fields(cmd.Name)
	var names []string
	for _, alias := range cmd.Aliases {
		names = append(names, strings.Join(append(words[:len(words)-1:len(words)-1], alias), " "))
	}
	return names
}
