package skill

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	startime "go.starlark.net/lib/time"
	"go.starlark.net/starlark"
)

// callValue is what a script's functions get: what happened, and what can be done.
//
//	call.event, call.channel       as in expressions
//	call.user, call.user_id, call.user_name
//	call.args                      what follows the command
//	call.match                     the regular expression's groups
//	call.say(text), call.reply(text), call.send(to, text)
//	call.ban(user, reason=""), call.timeout(user, "10m", reason="")
//	call.delete(message_id), call.title(text), call.clip()
type callValue struct {
	c *call
}

// maxActs bounds what a script can do in answer to one event: a loop is not to
// flood the chat.
const maxActs = 50

var errActs = fmt.Errorf("stopped: more than %d actions for one event", maxActs)

// A verb is something a script can do.
type verb func(ctx context.Context, c *call, name string, args starlark.Tuple, kwargs []starlark.Tuple) (result starlark.Value, detail string, err error)

// verbs are the actions under the names that scripts use.
func verbs(name string) verb {
	switch name {
	case "say":
		return verbSay
	case "reply":
		return verbReply
	case "send":
		return verbSend
	case "ban", "timeout":
		return verbBan
	case "delete":
		return verbDelete
	case "title":
		return verbTitle
	case "clip":
		return verbClip
	}
	return nil
}

var callAttrs = []string{
	"args", "ban", "channel", "clip", "delete", "event", "match", "reply", "say", "send",
	"timeout", "title", "user", "user_id", "user_name",
}

func (v *callValue) Attr(name string) (starlark.Value, error) {
	c := v.c
	switch name {
	case "event", "channel":
		return c.names[name], nil
	case "user":
		return starlark.String(c.chatter.login), nil
	case "user_id":
		return starlark.String(c.chatter.id), nil
	case "user_name":
		return starlark.String(c.chatter.name), nil
	case "args", "match":
		if found, ok := c.values[name]; ok {
			return found, nil
		}
		return starlark.None, nil
	}
	do := verbs(name)
	if do == nil {
		return nil, nil //nolint:nilnil // Starlark's way to say that there is no such attribute
	}
	return starlark.NewBuiltin(name, func(t *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if c.acts++; c.acts > maxActs {
			return nil, errActs
		}
		began := time.Now()
		out := inHost(threadContext(t))
		result, detail, err := do(threadContext(t), c, b.Name(), args, kwargs)
		out()
		c.done(name, detail, err, time.Since(began))
		return result, err
	}), nil
}

func (v *callValue) AttrNames() []string   { return slices.Clone(callAttrs) }
func (v *callValue) String() string        { return "call" }
func (v *callValue) Type() string          { return "call" }
func (v *callValue) Freeze()               {}
func (v *callValue) Truth() starlark.Bool  { return true }
func (v *callValue) Hash() (uint32, error) { return 0, errors.New("unhashable: call") }

// line makes a script's text fit for a chat. All of it counts as possibly from
// viewers: a script that means a chat command uses the action for it.
func line(text string) (string, error) { return finish(noCommand(oneLine(text)), nil) }

func verbSay(ctx context.Context, c *call, name string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, string, error) {
	var value starlark.Value
	if err := starlark.UnpackArgs(name, args, kwargs, "text", &value); err != nil {
		return nil, "", err
	}
	text, err := line(display(value))
	if err != nil {
		return nil, "", err
	}
	return starlark.None, text, c.host().Say(ctx, text)
}

func verbReply(ctx context.Context, c *call, name string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, string, error) {
	var value starlark.Value
	if err := starlark.UnpackArgs(name, args, kwargs, "text", &value); err != nil {
		return nil, "", err
	}
	text, err := line(display(value))
	if err != nil {
		return nil, "", err
	}
	if c.messageID == "" { // an event: there is nothing to reply to
		return starlark.None, text, c.host().Say(ctx, text)
	}
	return starlark.None, text, c.host().Reply(ctx, c.messageID, text)
}

func verbSend(ctx context.Context, c *call, name string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, string, error) {
	var to string
	var value starlark.Value
	if err := starlark.UnpackArgs(name, args, kwargs, "to", &to, "text", &value); err != nil {
		return nil, "", err
	}
	text, err := line(display(value))
	if err != nil {
		return nil, "", err
	}
	return starlark.None, to + ": " + text, c.host().Send(ctx, to, text)
}

func verbBan(ctx context.Context, c *call, name string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, string, error) {
	var user, reason string
	var long starlark.Value
	pairs := []any{"user", &user, "reason?", &reason}
	if name == "timeout" {
		pairs = []any{"user", &user, "length", &long, "reason?", &reason}
	}
	if err := starlark.UnpackArgs(name, args, kwargs, pairs...); err != nil {
		return nil, "", err
	}
	b := Ban{Reason: shorten(oneLine(reason))}
	if b.UserID, b.Login = c.user(oneLine(user)); b.UserID == "" && b.Login == "" {
		return nil, "", errNoUser
	}
	if name == "timeout" {
		var err error
		if b.Duration, err = length(long); err != nil {
			return nil, user, err
		}
		if b.Duration < time.Second || b.Duration > maxTimeout {
			return nil, user, fmt.Errorf("a timeout is between 1 second and 2 weeks, not %s", b.Duration)
		}
	}
	return starlark.None, user, c.host().Ban(ctx, b)
}

func verbDelete(ctx context.Context, c *call, name string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, string, error) {
	id := c.messageID
	if err := starlark.UnpackArgs(name, args, kwargs, "message_id?", &id); err != nil {
		return nil, "", err
	}
	if id == "" {
		return nil, "", errors.New("there is no message to delete")
	}
	return starlark.None, id, c.host().Delete(ctx, id)
}

func verbTitle(ctx context.Context, c *call, name string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, string, error) {
	var text string
	if err := starlark.UnpackArgs(name, args, kwargs, "text", &text); err != nil {
		return nil, "", err
	}
	text, err := finish(oneLine(text), nil)
	if err != nil {
		return nil, "", err
	}
	return starlark.None, text, c.host().SetTitle(ctx, text)
}

func verbClip(ctx context.Context, c *call, name string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, string, error) {
	if err := starlark.UnpackArgs(name, args, kwargs); err != nil {
		return nil, "", err
	}
	url, err := c.host().Clip(ctx)
	return starlark.String(url), url, err
}

// now is now() in scripts, where the time of loading would be of no use.
func now(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	return startime.Time(time.Now()), starlark.UnpackArgs(b.Name(), args, kwargs)
}
