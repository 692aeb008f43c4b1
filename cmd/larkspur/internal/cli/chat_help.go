package cli

import (
	"fmt"
	"strings"
)

// helpColumn is where the explanations of commands begin.
const helpColumn = 30

// help lists the commands, or explains one.
func (c *conversation) help(of string) {
	if of == "" {
		c.note("what you type is sent; the tab key completes names and commands; //TEXT sends a text that begins with a slash")
	}
	found := false
	for _, command := range chatCommands() {
		if of != "" && !command.is(of) {
			continue
		}
		found = true
		text := command.help
		if other := command.other(); other != "" {
			text += " (also " + other + ")"
		}
		if usage := command.usage(); len(usage) < helpColumn {
			c.note(fmt.Sprintf("%-*s %s", helpColumn-1, usage, text))
		} else {
			c.note(usage)
			c.note(strings.Repeat(" ", helpColumn) + text)
		}
		if of == "" {
			continue
		}
		if example := commandExamples[command.name]; example != "" {
			c.note("for example: " + example)
		}
	}
	if !found {
		c.warn(fmt.Sprintf("unknown command %s; /help lists them", cut(of, maxName)))
	}
}

// is reports whether a name, with or without its slash, is that of the command.
func (c chatCommand) is(name string) bool {
	name = "/" + strings.TrimPrefix(strings.ToLower(name), "/")
	return name == c.name || name == c.other() && c.other() != ""
}

// commandExamples are typed commands, for those whose arguments have a form of their own.
var commandExamples = map[string]string{
	"/timeout":    "/timeout grace 10m too loud",
	"/ban":        "/ban grace adverts",
	"/warn":       "/warn grace please stay kind",
	"/slow":       "/slow 30s, or /slow off",
	"/followers":  "/followers 10m, or /followers off",
	"/commercial": "/commercial 60s",
	"/color":      "/color #1E90FF",
	"/delete":     "/delete grace",
	"/reply":      "/reply grace good question",
}
