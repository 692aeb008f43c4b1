package bot

import (
	"cmp"
	"context"
	"strings"
	"unicode"

	"github.com/larkspur-dev/larkspur/chat"
)

type helpArgs struct {
	Command string `arg:"rest,optional"`
}

const helpName = "help"

// addHelp registers the built-in command.
func (b *Bot) addHelp() {
	// It cannot fail: the arguments are a struct and the name is free.
	_ = Command(b, helpName, b.help, About("shows what I can do"), func(s *Spec) { s.builtIn = true })
}

func (b *Bot) help(ctx context.Context, c *Call, args helpArgs) error {
	if args.Command == "" {
		return c.Reply(ctx, "%s", c.Text(TextCommands, strings.Join(b.names(b.top(ctx, c.Message), c.Prefix), " ")))
	}
	name := args.Command
	if _, rest, ok := b.cutPrefix(c.Message, name); ok {
		name = rest
	}
	name = strings.ToLower(name)
	cmd, _, rest := b.tree.Load().find(name)
	below := b.below(ctx, c.Message, name)
	switch {
	case cmd == nil && len(below) > 0, cmd != nil && rest == "" && len(below) > 0:
		text := strings.Join(b.names(below, c.Prefix), ", ")
		if about := b.tree.Load().aboutGroup(name); about != "" {
			text = about + ": " + text
		}
		return c.Reply(ctx, "%s", text)
	case cmd == nil || rest != "":
		return c.sorry(TextNone, plainName(name))
	case cmd.allows(ctx, c.Message) != nil:
		return c.sorry(TextRefused, c.Prefix+cmd.Name)
	}
	text := b.usage(cmd, c.Prefix)
	if cmd.About != "" {
		text += ": " + cmd.About
	}
	return c.Reply(ctx, "%s", text)
}

// plainName is what an answer shows of a name that a chatter made up: letters, digits and
// spaces, so that the bot mentions nobody and links nowhere.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == ' ' || r == '_' || r == '-' {
			return r
		}
		return -1
	}, name)
	return cmp.Or(chat.Shorten(strings.TrimSpace(name), maxShownName), "?")
}

// maxShownName is how many characters of a made-up name are shown.
const maxShownName = 30

// Commands returns the names of all commands with their prefix, in order of
// registration.
func (b *Bot) Commands() []string { return b.names(b.tree.Load().order, b.o.Prefix) }

// CommandsFor returns the names of the commands that the writer of m may use, in
// order of registration. It asks their checks and runs nothing; cooldowns do not
// count.
func (b *Bot) CommandsFor(ctx context.Context, m *chat.Message) []string {
	return b.names(b.allowed(ctx, m), b.o.Prefix)
}

func (b *Bot) allowed(ctx context.Context, m *chat.Message) []*command {
	var allowed []*command
	for _, cmd := range b.tree.Load().order {
		if cmd.allows(ctx, m) == nil {
			allowed = append(allowed, cmd)
		}
	}
	return allowed
}

// top returns the allowed commands, of each group only the first.
func (b *Bot) top(ctx context.Context, m *chat.Message) []*command {
	var top []*command
	seen := map[string]bool{}
	for _, cmd := range b.allowed(ctx, m) {
		first, _ := cutWord(strings.ToLower(cmd.Name))
		if !seen[first] {
			seen[first] = true
			top = append(top, &command{Spec: Spec{Name: first}})
		}
	}
	return top
}

// below returns the allowed commands whose names begin with a group's.
func (b *Bot) below(ctx context.Context, m *chat.Message, group string) []*command {
	var below []*command
	for _, cmd := range b.allowed(ctx, m) {
		if name := strings.ToLower(strings.Join(strings.Fields(cmd.Name), " ")); strings.HasPrefix(name, group+" ") || name == group {
			below = append(below, cmd)
		}
	}
	if len(below) == 1 && strings.EqualFold(below[0].Name, group) {
		return nil
	}
	return below
}

func (b *Bot) names(commands []*command, prefix string) []string {
	var names []string
	for _, cmd := range commands {
		names = append(names, prefix+strings.Join(strings.Fields(cmd.Name), " "))
	}
	return names
}
