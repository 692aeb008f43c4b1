package skill

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// scriptCall is what a script's functions get: what happened, and what can be done.
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
	for name, do := range verbs {
		attrs[name] = c.verb(name, do)
	}
	return expr.NewObject("call", attrs)
}

// maxActs bounds what a script can do in answer to one event: a loop is not to
// flood the chat.
const maxActs = 50

var errActs = fmt.Errorf("stopped: more than %d actions for one event", maxActs)

// A verb is something a script can do.
type verb func(ctx context.Context, c *call, args *expr.Args) (result any, detail string, err error)

// verbs are the actions under the names that scripts use.
var verbs = map[string]verb{
	"say": verbSay, "reply": verbReply, "send": verbSend, "ban": verbBan, "timeout": verbTimeout,
	"delete": verbDelete, "title": verbTitle, "clip": verbClip,
}

// verb returns the function behind call.name.
func (c *call) verb(name string, do verb) expr.Func {
	return func(ctx context.Context, args *expr.Args) (any, error) {
		if c.acts++; c.acts > maxActs {
			return nil, errActs
		}
		began := time.Now()
		result, detail, err := do(ctx, c, args)
		c.done(name, detail, err, time.Since(began))
		return result, err
	}
}

// line makes a script's text fit for a chat. All of it counts as possibly from
// viewers: a script that means a chat command uses the action for it.
func line(text string) (string, error) { return finish(noCommand(oneLine(text)), nil) }

func verbSay(ctx context.Context, c *call, args *expr.Args) (any, string, error) {
	var value expr.Value
	if err := args.Unpack("text", &value); err != nil {
		return nil, "", err
	}
	text, err := line(value.String())
	if err != nil {
		return nil, "", err
	}
	return nil, text, c.host().Say(ctx, text)
}

func verbReply(ctx context.Context, c *call, args *expr.Args) (any, string, error) {
	var value expr.Value
	if err := args.Unpack("text", &value); err != nil {
		return nil, "", err
	}
	text, err := line(value.String())
	if err != nil {
		return nil, "", err
	}
	if c.messageID == "" { // an event: there is nothing to reply to
		return nil, text, c.host().Say(ctx, text)
	}
	return nil, text, c.host().Reply(ctx, c.messageID, text)
}

func verbSend(ctx context.Context, c *call, args *expr.Args) (any, string, error) {
	var to string
	var value expr.Value
	if err := args.Unpack("to", &to, "text", &value); err != nil {
		return nil, "", err
	}
	text, err := line(value.String())
	if err != nil {
		return nil, "", err
	}
	return nil, to + ": " + text, c.host().Send(ctx, to, text)
}

func verbBan(ctx context.Context, c *call, args *expr.Args) (any, string, error) {
	var user, reason string
	if err := args.Unpack("user", &user, "reason?", &reason); err != nil {
		return nil, "", err
	}
	b, err := c.scriptBan(user, reason)
	if err != nil {
		return nil, "", err
	}
	return nil, user, c.host().Ban(ctx, b)
}

func verbTimeout(ctx context.Context, c *call, args *expr.Args) (any, string, error) {
	var user, reason string
	var long expr.Value
	if err := args.Unpack("user", &user, "length", &long, "reason?", &reason); err != nil {
		return nil, "", err
	}
	b, err := c.scriptBan(user, reason)
	if err != nil {
		return nil, "", err
	}
	if b.Duration, err = length(long); err != nil {
		return nil, user, err
	}
	if b.Duration < time.Second || b.Duration > maxTimeout {
		return nil, user, fmt.Errorf("a timeout is between 1 second and 2 weeks, not %s", b.Duration)
	}
	return nil, user, c.host().Ban(ctx, b)
}

func (c *call) scriptBan(user, reason string) (Ban, error) {
	b := Ban{Reason: shorten(oneLine(reason))}
	if b.UserID, b.Login = c.user(oneLine(user)); b.UserID == "" && b.Login == "" {
		return b, errNoUser
	}
	return b, nil
}

func verbDelete(ctx context.Context, c *call, args *expr.Args) (any, string, error) {
	id := c.messageID
	if err := args.Unpack("message_id?", &id); err != nil {
		return nil, "", err
	}
	if id == "" {
		return nil, "", errors.New("there is no message to delete")
	}
	return nil, id, c.host().Delete(ctx, id)
}

func verbTitle(ctx context.Context, c *call, args *expr.Args) (any, string, error) {
	var text string
	if err := args.Unpack("text", &text); err != nil {
		return nil, "", err
	}
	text, err := finish(oneLine(text), nil)
	if err != nil {
		return nil, "", err
	}
	return nil, text, c.host().SetTitle(ctx, text)
}

func verbClip(ctx context.Context, c *call, args *expr.Args) (any, string, error) {
	if err := args.Unpack(); err != nil {
		return nil, "", err
	}
	url, err := c.host().Clip(ctx)
	return url, url, err
}

// now is now() in scripts, where the time of loading would be of no use.
func now(_ context.Context, args *expr.Args) (any, error) {
	return time.Now(), args.Unpack()
}
