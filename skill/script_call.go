package skill

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// scriptCall returns the argument of a script's functions: the event, and the actions.
//
//	call.event, call.channel       as in expressions
//	call.user, call.user_id, call.user_name
//	call.args                      what follows the command
//	call.match                     the regular expression's groups
//	call.say(text), call.reply(text), call.send(to, text)
//	call.ban(user, reason=""), call.timeout(user, "10m", reason="")
//	call.delete(message_id), call.title(text), call.clip()
func (c *call) scriptCall() *expr.Object {
	attrs := map[string]any{
		"event": c.event, "channel": c.channel, "args": c.values["args"], "match": c.values["match"],
		"user": c.chatter.login, "user_id": c.chatter.id, "user_name": c.chatter.name,
	}
	for _, v := range verbs {
		attrs[v.name] = c.verb(v)
	}
	attrs["clip"] = expr.Func(c.clip)
	return expr.NewObject("call", attrs)
}

// callShape returns the shape of call for an event of the given shape.
func callShape(event *expr.Shape, isMessage bool) *expr.Shape {
	attrs := map[string]*expr.Shape{
		"event": event, "channel": channelShape, "args": expr.Any, "match": expr.Any,
		"user": expr.Text, "user_id": expr.Text, "user_name": expr.Text, "clip": expr.Any,
	}
	if isMessage {
		attrs["args"], attrs["match"] = expr.Text, expr.TextList
	}
	for _, v := range verbs {
		attrs[v.name] = expr.Any
	}
	return expr.NewShape("call", attrs)
}

// maxActs is how many actions a script can take for one event, so that a loop cannot
// flood the chat.
const maxActs = 50

var errActs = fmt.Errorf("stopped: more than %d actions for one event", maxActs)

// A verb is an action that a script can call.
type verb struct {
	name  string
	class Class
	bind  func(c *call, args *expr.Args) (deed, error)
}

// A deed is a call of a verb with evaluated arguments.
type deed struct {
	detail    string
	connector string // of send
	do        func(ctx context.Context) error
}

// verbs are the actions of scripts, except clip, which returns a result.
var verbs = []verb{
	{"say", ClassReply, verbSay},
	{"reply", ClassReply, verbReply},
	{"send", ClassRelay, verbSend},
	{"ban", ClassModeration, verbBan},
	{"timeout", ClassModeration, verbTimeout},
	{"delete", ClassDelete, verbDelete},
	{"title", ClassChannel, verbTitle},
}

// verb returns the function behind call.name. It adds a step to the run; with an
// [Executor] the script continues before the step has run.
func (c *call) verb(v verb) expr.Func {
	return func(_ context.Context, args *expr.Args) (any, error) {
		if err := c.act(); err != nil {
			return nil, err
		}
		d, err := v.bind(c, args)
		if err != nil {
			c.report(Report{Outcome: Failed, Action: v.name, Detail: d.detail, Err: err})
			return nil, err
		}
		c.run.add(c.step(v.name, v.class, d.connector, func(ctx context.Context) (string, error) { return d.detail, d.do(ctx) }))
		return nil, c.run.failure()
	}
}

// act counts an action. It returns an error if the limit is reached or the run has failed.
func (c *call) act() error {
	if c.acts++; c.acts > maxActs {
		return errActs
	}
	return c.run.failure()
}

// clip is call.clip(). It creates the clip at once, since it returns the address.
func (c *call) clip(ctx context.Context, args *expr.Args) (any, error) {
	if err := c.act(); err != nil {
		return nil, err
	}
	if err := args.Unpack(); err != nil {
		return nil, err
	}
	began := time.Now()
	url, err := c.host().Clip(ctx)
	r := Report{Outcome: Done, Action: "clip", Detail: url, Err: err, Duration: time.Since(began), Waited: began.Sub(c.since)}
	if err != nil {
		r.Outcome = Failed
	}
	c.report(r)
	return url, err
}

// line prepares a text of a script for the chat. The text may come from a viewer, so it
// never becomes a chat command.
func line(text string) (string, error) { return finish(noCommand(chat.OneLine(text)), nil) }

func verbSay(c *call, args *expr.Args) (deed, error) {
	var value expr.Value
	if err := args.Unpack("text", &value); err != nil {
		return deed{}, err
	}
	text, err := line(value.String())
	if err != nil {
		return deed{}, err
	}
	return deed{detail: text, do: func(ctx context.Context) error { return c.host().Say(ctx, text) }}, nil
}

func verbReply(c *call, args *expr.Args) (deed, error) {
	var value expr.Value
	if err := args.Unpack("text", &value); err != nil {
		return deed{}, err
	}
	text, err := line(value.String())
	if err != nil {
		return deed{}, err
	}
	if c.messageID == "" { // an event without a message to reply to
		return deed{detail: text, do: func(ctx context.Context) error { return c.host().Say(ctx, text) }}, nil
	}
	return deed{detail: text, do: func(ctx context.Context) error { return c.host().Reply(ctx, c.messageID, text) }}, nil
}

func verbSend(c *call, args *expr.Args) (deed, error) {
	var to string
	var value expr.Value
	if err := args.Unpack("to", &to, "text", &value); err != nil {
		return deed{}, err
	}
	text, err := line(value.String())
	if err != nil {
		return deed{}, err
	}
	return deed{to + ": " + text, to, func(ctx context.Context) error { return c.host().Send(ctx, to, text) }}, nil
}

func verbBan(c *call, args *expr.Args) (deed, error) {
	var user, reason string
	if err := args.Unpack("user", &user, "reason?", &reason); err != nil {
		return deed{}, err
	}
	b, err := c.scriptBan(user, reason)
	if err != nil {
		return deed{}, err
	}
	return deed{detail: user, do: func(ctx context.Context) error { return c.host().Ban(ctx, b) }}, nil
}

func verbTimeout(c *call, args *expr.Args) (deed, error) {
	var user, reason string
	var long expr.Value
	if err := args.Unpack("user", &user, "length", &long, "reason?", &reason); err != nil {
		return deed{}, err
	}
	b, err := c.scriptBan(user, reason)
	if err != nil {
		return deed{}, err
	}
	if b.Duration, err = length(long); err != nil {
		return deed{detail: user}, err
	}
	if b.Duration < time.Second || b.Duration > maxTimeout {
		return deed{detail: user}, fmt.Errorf("a timeout must be between 1 second and 2 weeks, not %s", b.Duration)
	}
	return deed{detail: user, do: func(ctx context.Context) error { return c.host().Ban(ctx, b) }}, nil
}

func (c *call) scriptBan(user, reason string) (Ban, error) {
	b := Ban{Reason: chat.Shorten(chat.OneLine(reason), chat.MaxLength)}
	if b.UserID, b.Login = c.user(chat.OneLine(user)); b.UserID == "" && b.Login == "" {
		return b, errNoUser
	}
	return b, nil
}

func verbDelete(c *call, args *expr.Args) (deed, error) {
	id := c.messageID
	if err := args.Unpack("message_id?", &id); err != nil {
		return deed{}, err
	}
	if id == "" {
		return deed{}, errors.New("there is no message to delete")
	}
	return deed{detail: id, do: func(ctx context.Context) error { return c.host().Delete(ctx, id) }}, nil
}

func verbTitle(c *call, args *expr.Args) (deed, error) {
	var text string
	if err := args.Unpack("text", &text); err != nil {
		return deed{}, err
	}
	text, err := finish(chat.OneLine(text), nil)
	if err != nil {
		return deed{}, err
	}
	return deed{detail: text, do: func(ctx context.Context) error { return c.setTitle(ctx, text) }}, nil
}

// now is the function now() of scripts.
func now(_ context.Context, args *expr.Args) (any, error) {
	return time.Now(), args.Unpack()
}
