package skill

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/quiet"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// EngineOptions configure an [Engine]. The zero value is usable, but no action
// succeeds without a host.
type EngineOptions struct {
	Host      Host          // default: every action fails
	UserID    string        // of the bot, whose own messages trigger nothing
	Memory    Memory        // of skills; default: in memory, lost at exit
	ChannelID string        // the id of the channel, for keys of Memory; may be empty where Memory is not shared
	Logger    *slog.Logger  // default: discard
	Report    func(Report)  // called for every outcome, in the goroutine of the action; default: none
	Timeout   time.Duration // of one action, script or look-up of the channel; default: 30 s

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
	states  map[*rule]*ruleState
	channel channelCache
	lines   atomic.Int64 // of chat so far
	firsts  firsts
	pauses  atomic.Int64 // reactions that wait
	viewers viewerCache
	answers answers
}

// NewEngine returns an engine that is ready for events.
func NewEngine(set *Set, o EngineOptions) *Engine {
	e := &Engine{set: set, o: o.withDefaults(), states: newStates(set.rules, o.Executor)}
	e.channel.fetch = e.o.Host.Channel
	return e
}

// Message runs the skills that a chat message triggers. The error joins all failures;
// each was also reported.
func (e *Engine) Message(ctx context.Context, m *chat.Message) error {
	if e.o.UserID != "" && m.Chatter.ID == e.o.UserID {
		return nil
	}
	e.lines.Add(1)
	is := e.firsts.note(m.Chatter)
	text := chat.Trim(m.Text)
	if len(text) > maxText {
		text = text[:maxText]
	}
	ran, errs := e.matching(ctx, m, is, text)
	if !ran {
		for _, r := range e.set.otherwise {
			_, err := e.message(ctx, r, anyMatcher{}, m, text)
			errs = append(errs, err)
		}
	}
	e.afterLines(ctx)
	return errors.Join(errs...)
}

// maxText is how much of a message is matched, in bytes. Twitch's messages are shorter.
const maxText = 10_000

// matching runs the rules that match a message, each once, until one ends the line.
func (e *Engine) matching(ctx context.Context, m *chat.Message, is first, text string) (ran bool, errs []error) {
	var last *rule
	for _, c := range e.set.index.find(text) {
		if c.rule == last || !c.wanted(m, is) {
			continue
		}
		did, err := e.message(ctx, c.rule, c.matcher, m, text)
		if did != missed {
			last = c.rule
		}
		errs = append(errs, err)
		if did == acted {
			if ran = true; c.rule.stop {
				break
			}
		}
	}
	return ran, errs
}

// What a rule did about a message.
type deedKind int

const (
	missed  deedKind = iota // it does not match
	refused                 // it matches but must not run
	acted
)

// message runs a rule if a matcher of it matches.
func (e *Engine) message(ctx context.Context, r *rule, by matcher, m *chat.Message, text string) (deedKind, error) {
	names, usage, ok := by.match(text)
	if !ok {
		return missed, nil
	}
	c := e.call(r, by.String(), messageFields(m), messageShape)
	c.chatter = chatter{
		id: m.Chatter.ID, login: m.Chatter.Login, name: m.Chatter.Name, roles: m.Chatter.Roles,
		tier: tierOf(m.Chatter.Badges), first: m.FirstMessage,
	}
	c.messageID, c.usage = m.ID, usage
	c.found(names)
	ran, err := e.react(ctx, c)
	if ran {
		return acted, err
	}
	return refused, err
}

// Event runs the skills that an EventSub notification triggers. It can be passed to
// [eventsub.Mux.OnAny]. The error joins all failures; each was also reported.
func (e *Engine) Event(ctx context.Context, n eventsub.Notification) error {
	if changesChannel(n.Type) {
		e.channel.forget()
	}
	if n.Type.Name == "stream.online" {
		e.firsts.newStream()
	}
	var errs []error
	for _, r := range e.set.rules {
		for i := range r.triggers {
			if t := &r.triggers[i]; t.signal == "" && t.typ == n.Type {
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
	if !t.keeps(fields) || e.isOwn(n, fields) {
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
	_, err = e.react(ctx, c)
	return err
}

// isOwn reports whether the event is a chat message of the bot. Skills that answer it
// could cause an endless loop.
func (e *Engine) isOwn(n eventsub.Notification, fields map[string]any) bool {
	return e.o.UserID != "" && n.Type.Name == chatMessage && fields["chatter_user_id"] == e.o.UserID
}

// chatMessage is the event type of chat.
const chatMessage = "channel.chat.message"

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
