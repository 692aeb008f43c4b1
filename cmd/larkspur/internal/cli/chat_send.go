package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
)

// piped sends each line of standard input as a message to the first channel, and ends the
// program after the last.
func (c *conversation) piped(ctx context.Context) {
	n := 0
	for line := range pipedLines(c.p.Stdin) {
		n++
		c.pipes.Store(true)
		c.waiting.Add(1)
		here, _ := c.rooms.here()
		if c.sender == nil {
			c.waiting.Add(-1)
			if c.refused.Add(1) == 1 {
				c.mayNotWrite()
			}
			continue
		}
		select {
		case c.outbox <- outgoingLine{channel: here, text: line}:
		case <-ctx.Done():
			return
		}
	}
	if n > 0 {
		close(c.outbox)
	}
}

// refusePiped ends the program if standard input has a message, which --anonymous cannot
// send.
func (c *conversation) refusePiped() {
	for range pipedLines(c.p.Stdin) {
		c.end(usageError{errors.New("--anonymous cannot send the messages on standard input; log in and leave it out")})
		return
	}
}

// maxPiped is how many bytes of a line are read. A longer line is no message, and is
// refused like all that are too long.
const maxPiped = 4 * chat.MaxLength * 2

// pipedLines yields the lines of a file that are not empty, cut after maxPiped bytes.
func pipedLines(in io.Reader) iter.Seq[string] {
	return func(yield func(string) bool) {
		lines := bufio.NewReaderSize(in, maxPiped)
		for {
			line, cut, err := lines.ReadLine()
			text := strings.TrimSpace(string(line))
			for cut && err == nil {
				_, cut, err = lines.ReadLine()
			}
			if text != "" && !yield(text) {
				return
			}
			if err != nil {
				return
			}
		}
	}
}

// sendAll sends the messages of the outbox, one after another, until ctx ends or there are
// no more.
func (c *conversation) sendAll(ctx context.Context) {
	for {
		select {
		case line, more := <-c.outbox:
			if !more {
				c.end(errAllSent)
				return
			}
			if c.send(ctx, line) {
				c.waiting.Add(-1)
			}
		case <-ctx.Done():
			return
		}
	}
}

// slowSend is how long sending takes before the user is told.
const slowSend = 3 * time.Second

// send sends a message, and tells what became of it. It returns false if ctx ended before
// that was known.
func (c *conversation) send(ctx context.Context, line outgoingLine) bool {
	slow := time.AfterFunc(slowSend, func() { c.note("waiting to send: " + cut(line.text, maxQuote)) })
	defer slow.Stop()
	sent, err := c.sender.Send(ctx, chat.Outgoing{Channel: line.channel, Text: line.text, ReplyTo: line.replyTo, Action: line.action})
	if err != nil {
		dropped, ok := errors.AsType[*chat.DroppedError](err)
		switch {
		case ok:
			c.failed(line, line.channel.Login, dropped.Code, dropped.Text)
		case ctx.Err() != nil:
			return false
		default:
			c.failed(line, line.channel.Login, "", c.explain(err))
		}
		return true
	}
	e := &chatEvent{kind: chatWasSent, at: time.Now(), channel: line.channel.Login, sent: &chatSent{text: line.text, ids: sent.IDs, over: c.over()}}
	if !c.f.json && !c.account.helix { // Twitch sends back only what was written over Helix
		e.message = c.own(line, sent.IDs)
		if e.message.ID != "" {
			c.rooms.saw(e.message)
		}
	}
	if !c.f.raw {
		c.out.event(e)
	}
	return true
}

// over names the way in which messages are sent.
func (c *conversation) over() string {
	if c.account.helix {
		return "helix"
	}
	return "irc"
}

// failed tells that a message was not accepted.
func (c *conversation) failed(line outgoingLine, login, code, why string) {
	c.refused.Add(1)
	text := "not sent to " + login + ": " + cut(why, maxText)
	if code != "" {
		text += " (" + cut(code, maxName) + ")"
	}
	if line.text != "" {
		text += ": " + cut(line.text, maxQuote)
	}
	c.warn(text)
	if c.f.json {
		c.out.event(&chatEvent{kind: chatNotSent, at: time.Now(), channel: login, sent: &chatSent{text: line.text, over: c.over(), code: code, why: why}})
	}
}
