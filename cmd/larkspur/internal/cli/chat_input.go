package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
)

// errAnonymous is why nothing can be written with --anonymous.
var errAnonymous = errors.New("this needs an account; start again without --anonymous")

// maxTyped is how many messages may wait to be sent.
const maxTyped = 16

// An outgoingLine is a message of the user that is to be sent.
type outgoingLine struct {
	channel chat.User
	text    string
	replyTo string
	action  bool
}

// sitDown starts to read what the user types or pipes in. leave restores the terminal.
func (c *conversation) sitDown(ctx context.Context) (leave func()) {
	typed := isTerminal(c.p.Stdin)
	switch {
	case c.p.Stdin == nil:
		return func() {}
	case !typed && c.account.api == nil:
		go c.refusePiped()
		return func() {}
	case !typed:
		go c.piped(ctx)
		return func() {}
	case c.f.json || c.f.raw:
		go c.typed(ctx, linesOf(c.p.Stdin))
		return func() {}
	}
	at := openPrompt(c.p)
	if at == nil {
		go c.typed(ctx, linesOf(c.p.Stdin))
		return func() {}
	}
	c.mu.Lock()
	c.prompt = at.SetPrompt
	c.mu.Unlock()
	c.showChannel()
	at.AutoCompleteCallback = newTab(c.rooms).key
	c.out.to(at)
	if isTerminal(c.p.Stderr) {
		c.notes.to(at)
	}
	go c.typed(ctx, received(at.lines(ctx, func() { c.end(errLeft) })))
	return func() {
		c.out.to(c.p.Stdout)
		c.notes.to(c.p.Stderr)
		at.SetPrompt("")
		at.restore()
		fmt.Fprintln(c.p.Stdout)
	}
}

// showChannel shows the current channel before the line that is typed.
func (c *conversation) showChannel() {
	here, ok := c.rooms.here()
	text := "> "
	if ok {
		text = "#" + here.Login + "> "
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.prompt != nil {
		c.prompt(text)
	}
}

// typed carries out what the user types.
func (c *conversation) typed(ctx context.Context, lines func(func(string) bool)) {
	for line := range lines {
		if ctx.Err() != nil {
			return
		}
		c.line(ctx, line)
	}
	c.end(errLeft)
}

// line carries out a line: a command, or a message.
func (c *conversation) line(ctx context.Context, line string) {
	line = strings.TrimSpace(line)
	if line == "" {
		return
	}
	if text, literal := strings.CutPrefix(line, "//"); literal {
		c.queue(outgoingLine{text: "/" + text})
		return
	}
	if strings.HasPrefix(line, "/") {
		c.command(ctx, line)
		return
	}
	c.queue(outgoingLine{text: line})
}

// queue passes a message to the current channel on to be sent.
func (c *conversation) queue(line outgoingLine) {
	here, ok := c.rooms.here()
	if !ok {
		c.warn("no channel is left; enter one with /join CHANNEL")
		return
	}
	line.channel = here
	if c.sender == nil {
		c.mayNotWrite()
		return
	}
	c.waiting.Add(1)
	select {
	case c.outbox <- line:
	default:
		c.waiting.Add(-1)
		c.warn("not sent, because too many messages wait: " + cut(line.text, maxQuote))
	}
}

func (c *conversation) mayNotWrite() {
	if c.account.api == nil {
		c.warn("not sent: " + errAnonymous.Error())
		return
	}
	c.warnAnd("not sent: "+c.account.user.Login+" has not granted "+scopeWrite+"; to grant it, run:", c.account.grant(c.f, scopeWrite))
}
