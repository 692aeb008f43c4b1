package bot

import (
	"context"
	"strings"
)

type helpArgs struct {
	Command string `arg:"optional"`
}

const helpName = "help"

// addHelp registers the one command that is built in.
func (b *Bot) addHelp() {
	// The arguments are a struct of ours and the name is free: it cannot fail.
	_ = Command(b, helpName, b.help, About("shows what I can do"), func(s *Spec) { s.builtIn = true })
}

func (b *Bot) help(ctx context.Context, c *Call, args helpArgs) error {
	if args.Command == "" {
		return c.Reply(ctx, "commands: %s", strings.Join(b.Commands(), " "))
	}
	name := strings.ToLower(strings.TrimPrefix(args.Command, b.o.Prefix))
	b.mu.RLock()
	cmd, ok := b.commands[name]
	b.mu.RUnlock()
	if !ok {
		return Sorry("there is no command %s", name)
	}
	text := b.usage(cmd)
	if cmd.About != "" {
		text += ": " + cmd.About
	}
	return c.Reply(ctx, "%s", text)
}

// Commands returns the names of all commands with their prefix, in the order in
// which they were registered.
func (b *Bot) Commands() []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var names []string
	for _, cmd := range b.order {
		if b.commands[strings.ToLower(cmd.Name)] == cmd { // not replaced
			names = append(names, b.o.Prefix+cmd.Name)
		}
	}
	return names
}
