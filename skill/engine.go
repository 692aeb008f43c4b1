package skill

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/quiet"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// EngineOptions configure an [Engine]. The zero value is usable, but no action
// succeeds without a host.
type EngineOptions struct {
	Host    Host          // default: every action fails
	UserID  string        // of the bot, whose own messages trigger nothing
	Memory  Memory        // of scripts; default: in memory, lost at exit
	Logger  *slog.Logger  // default: discard
	Report  func(Report)  // called for every outcome, in the goroutine of the action; default: none
	Timeout time.Duration // of one action, script or look-up of the channel; default: 30 s

	Executor Executor      // runs actions in the background; default: they run in the calling goroutine
	ReplyAge time.Duration // replies older than this are dropped; default: 30 s; negative: never; needs an Executor
	RelayAge time.Duration // the same for texts to other chats; default: 5 min
}

func (o EngineOptions) withDefaults() EngineOptions {
	if o.Host == nil {
		o.Host = noHost{}
	}
	if o.Memory == nil {
		o.Memory = newMemory()
	}
	o.Logger = quiet.Or(o.Logger)
	if o.Report == nil {
		o.Report = func(Report) {}
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.ReplyAge == 0 {
		o.ReplyAge = 30 * time.Second
	}
	if o.RelayAge == 0 {
		o.RelayAge = 5 * time.Minute
	}
	return o
}

// An Engine runs the skills of a [Set] in one channel. Its methods may be called from
// several goroutines at once. Without an [Executor] they return when all skills that
// an event triggers are done; with one they return as soon as the steps are submitted.
type Engine struct {
	set     *Set
	o       EngineOptions
	serials map[*rule]*serial // one for each rule of a script; empty without an Executor
	channel channelCache
}

// NewEngine returns an engine that is ready for events.
func NewEngine(set *Set, o EngineOptions) *Engine {
	e := &Engine{set: set, o: o.withDefaults(), serials: map[*rule]*serial{}}
	e.channel.fetch = e.o.Host.Channel
	if o.Executor != nil {
		for _, r := range set.rules {
			if r.script != nil {
				e.serials[r] = &serial{submit: o.Executor.Submit}
			}
		}
	}
	return e
}

// Message runs the skills that a chat message triggers. The error joins all failures;
// each was also reported.
func (e *Engine) Message(ctx context.Context, m *chat.Message) error {
	if e.o.UserID != "" && m.Chatter.ID == e.o.UserID {
		return nil
	}
	var errs []error
	text := chat.Trim(m.Text)
	for _, r := range e.set.rules {
		if r.match == nil {
			continue
		}
		names, usage, ok := r.match.match(text)
		if !ok {
			continue
		}
		c := e.call(r, r.match.String(), messageFields(m), messageShape)
		c.chatter = chatter{id: m.Chatter.ID, login: m.Chatter.Login, name: m.Chatter.Name, roles: m.Chatter.Roles}
		c.messageID, c.usage = m.ID, usage
		c.found(names)
		errs = append(errs, e.react(ctx, c))
	}
	return errors.Join(errs...)
}

// Event runs the skills that an EventSub notification triggers. It can be passed to
// [eventsub.Mux.OnAny]. The error joins all failures; each was also reported.
func (e *Engine) Event(ctx context.Context, n eventsub.Notification) error {
	if changesChannel(n.Type) {
		e.channel.forget()
	}
	var errs []error
	for _, r := range e.set.rules {
		for i := range r.triggers {
			if t := &r.triggers[i]; t.membership == "" && t.typ == n.Type {
				errs = append(errs, e.event(ctx, r, t, n))
			}
		}
	}
	return errors.Join(errs...)
}

func (e *Engine) event(ctx context.Context, r *rule, t *trigger, n eventsub.Notification) error {
	decoded, err := decode(n.Event)
	fields, ok := decoded.(map[string]any)
	if err != nil || !ok {
		c := e.call(r, t.name, nil, expr.Any)
		if err == nil {
			err = errNoObject
		}
		c.report(Report{Outcome: Failed, Err: err})
		return fmt.Errorf("skill %s: %w", r.skill, err)
	}
	if t.alias != nil && t.alias.keep != nil && !t.alias.keep(fields) || e.isOwn(n, fields) {
		return nil
	}
	addDelivery(fields, n.Meta)
	c := e.call(r, t.name, fields, t.shape)
	c.chatter, c.people = actor(fields), people(fields)
	c.messageID, _ = fields["message_id"].(string)
	if t.alias != nil {
		c.prepare = func(ctx context.Context) error {
			return t.alias.event(n, fields, func() (ChannelInfo, error) { return e.channel.get(ctx) })
		}
	}
	return e.react(ctx, c)
}

// isOwn reports whether the event is a chat message of the bot. Skills that answer it
// could cause an endless loop.
func (e *Engine) isOwn(n eventsub.Notification, fields map[string]any) bool {
	return e.o.UserID != "" && n.Type.Name == chatMessage && fields["chatter_user_id"] == e.o.UserID
}

// chatMessage is the event type of chat.
const chatMessage = "channel.chat.message"

// Join runs the skills that a user joining the chat triggers.
func (e *Engine) Join(ctx context.Context, m Membership) error { return e.membership(ctx, "join", m) }

// Part runs the skills that a user leaving the chat triggers.
func (e *Engine) Part(ctx context.Context, m Membership) error { return e.membership(ctx, "part", m) }

func (e *Engine) membership(ctx context.Context, kind string, m Membership) error {
	var errs []error
	for _, r := range e.set.rules {
		for _, t := range r.triggers {
			if t.membership != kind {
				continue
			}
			c := e.call(r, t.name, map[string]any{
				"user": m.UserLogin, "user_id": "", "target": "#" + m.BroadcasterLogin,
				"connector": "twitch", "event_id": "", "raw_event": m.Raw,
			}, t.shape)
			c.chatter = chatter{login: m.UserLogin}
			errs = append(errs, e.react(ctx, c))
		}
	}
	return errors.Join(errs...)
}

// decode decodes an event without rounding large numbers.
func decode(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("event: %w", err)
	}
	return v, nil
}
