package bot

import (
	"context"
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
)

type helpArgs struct {
	Command string `arg:"optional"`
}

const helpName = "help"

// addHelp registers the built-in command.
func (b *Bot) addHelp() {
	// It cannot fail: the arguments are a struct and the name is free.
	_ = Command(b, helpName, b.help, About("shows what I can do"), func(s *Spec) { s.builtIn = true })
}

func (b *Bot) help(ctx context.Context, c *Call, args helpArgs) error {
	if args.Command == "" {
		return c.Reply(ctx, "commands: %s", strings.Join(b.CommandsFor(ctx, c.Message), " "))
	}
	name := strings.ToLower(strings.TrimPrefix(args.Command, b.o.Prefix))
	cmd := b.find(name)
	switch {
	case cmd == nil:
		return Sorry("there is no command %s", name)
	case cmd.allows(ctx, c.Message) != nil:
		return Sorry("you cannot use %s", b.o.Prefix+cmd.Name)
	}
	text := b.usage(cmd)
	if cmd.About != "" {
		text += ": " + cmd.About
	}
	return c.Reply(ctx, "%s", text)
}

// Commands returns the names of all commands with their prefix, in order of
// registration.
func (b *Bot) Commands() []string { return b.names(b.registered()) }

// CommandsFor returns the names of the commands that the writer of m may use, in
// order of registration. It asks their checks and runs nothing; cooldowns do not
// count.
func (b *Bot) CommandsFor(ctx context.Context, m *chat.Message) []string {
	var allowed []*command
	for _, cmd := range b.registered() {
		if cmd.allows(ctx, m) == nil {
			allowed = append(allowed, cmd)
		}
	}
	return b.names(allowed)
}

func (b *Bot) names(commands []*command) []string {
	var names []string
	for _, cmd := range commands {
		names = append(names, b.o.Prefix+cmd.Name)
	}
	return names
}

// registered returns the commands in order of registration.
func (b *Bot) registered() []*command {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var commands []*command
	for _, cmd := range b.order {
		if b.commands[strings.ToLower(cmd.Name)] == cmd { // not replaced
			commands = append(commands, cmd)
		}
	}
	return commands
}
