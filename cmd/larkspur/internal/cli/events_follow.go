package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// Why following ends.
var (
	errEnough = errors.New("enough events")
	errTimeUp = errors.New("time is up")

	errNothingFollowed = errors.New("nothing can be followed")
)

const (
	drainTime = time.Second             // how long the end waits for events that have arrived to be printed
	cleanTime = 1500 * time.Millisecond // how long it waits for Twitch to delete what would stay
)

// A follower follows events and tells the user about the subscriptions.
type follower struct {
	p       Process
	s       *apiSession
	f       *followFlags
	plan    *followPlan
	printer *eventPrinter
	notes   *display
	mux     *eventsub.Mux
	source  eventSource
	end     context.CancelCauseFunc

	mu        sync.Mutex
	lost      bool            // guarded by mu; a connection was lost and the user told
	explained map[string]bool // guarded by mu; reasons of revocations
}

func runEvents(ctx context.Context, p Process, s *apiSession, f *followFlags, types []selectedType) error {
	whole := ctx
	if f.length > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, f.length, errTimeUp)
		defer cancel()
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)

	plan, err := newPlan(ctx, s, f, types)
	if err != nil {
		return f.outcome(ctx, whole, 0, err)
	}
	w := &follower{p: p, s: s, f: f, plan: plan, printer: newEventPrinter(p, f, plan), end: end, explained: map[string]bool{}}
	w.mux = eventsub.NewMux() //nolint:contextcheck // handlers end with the Mux, not with ctx
	w.printer.enough, w.printer.failed = func() { end(errEnough) }, func(err error) { end(err) }
	w.notes = newDisplay(p.Stderr, p.Started, false, isTerminal(p.Stderr) && wantColor(p))
	w.notes.clock, w.notes.width = true, columnsOf(p.Stderr)
	w.mux.Use(eventsub.Dedup(10 * time.Minute))
	w.mux.OnAny(w.printer.event)
	w.tellLeft()
	err = w.run(ctx)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	_ = w.mux.Drain(drain) // what is not printed by then is not printed
	return f.outcome(ctx, whole, w.printer.count(), err)
}

// run follows the events until ctx ends.
func (w *follower) run(ctx context.Context) error {
	source, clean, err := w.open(ctx)
	if err != nil {
		return err
	}
	w.source = source
	source.Want(w.plan.conditions...)
	var ready sync.WaitGroup
	ready.Go(func() {
		if source.Ready(ctx) == nil {
			w.tellResults(source.Results())
		}
	})
	err = source.Run(ctx)
	w.end(err) // ends the wait for ready
	ready.Wait()
	cleanCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTime)
	defer cancel()
	if err := clean(cleanCtx); err != nil {
		text, command, _ := strings.Cut(err.Error(), "\n")
		w.warn(text, strings.TrimSpace(command))
	}
	return err
}

// outcome decides how the command ends: err is why it did, unless the user, --for or
// --count ended it. printed is the number of events.
func (f *followFlags) outcome(ctx, whole context.Context, printed int, err error) error {
	cause := context.Cause(ctx)
	switch {
	case errors.Is(cause, errEnough):
		return nil
	case whole.Err() != nil:
		return context.Canceled
	case errors.Is(cause, errTimeUp) && printed < f.count:
		return fmt.Errorf("%d of %d events within %s", printed, f.count, f.length)
	case errors.Is(cause, errTimeUp):
		return nil
	case err != nil:
		return err
	default:
		return cause
	}
}

func (w *follower) note(text string) { w.notes.show(entry{Kind: "note", Text: text}) }

// warn prints a problem, and the command that solves it on a line of its own.
func (w *follower) warn(text, command string) {
	w.notes.show(entry{Kind: "warning", Text: text, command: command})
}

// tellLeft tells which types a pattern selected and cannot be followed, by reason.
func (w *follower) tellLeft() {
	var reasons []string
	byReason := map[string][]eventsub.Type{}
	for _, l := range w.plan.left {
		why := l.why
		if l.user != "" {
			why = l.user + " has not granted their scopes"
		}
		if byReason[why] == nil {
			reasons = append(reasons, why)
		}
		byReason[why] = append(byReason[why], l.kind)
	}
	for _, why := range reasons {
		w.warn("left out: "+namesOf(byReason[why])+"; "+why, "")
	}
	if remedy := w.f.remedy(w.plan.left); remedy != "" {
		for block := range strings.SplitSeq(strings.TrimPrefix(remedy, "\n"), "\nTo ") {
			text, command, _ := strings.Cut(block, "\n")
			w.notes.show(entry{Kind: "note", Text: "To " + strings.TrimPrefix(text, "To "), command: strings.TrimSpace(command)})
		}
	}
}

// tellResults tells what is subscribed and what Twitch refused. If it refused everything,
// the command ends.
func (w *follower) tellResults(results []eventsub.Result) {
	var subscribed []eventsub.Type
	for _, r := range w.own(results) {
		if r.Outcome == eventsub.OutcomeSubscribed {
			subscribed = append(subscribed, r.Condition.Type())
			continue
		}
		w.warn(w.refusal(r), hint(r.Err))
	}
	if len(subscribed) == 0 {
		w.end(errNothingFollowed)
		return
	}
	text := "subscribed to " + namesOf(subscribed) + w.where()
	if w.f.length == 0 && w.f.count == 0 {
		text += "; Ctrl-C ends it"
	}
	w.note(text)
}

// own returns the results of the conditions in the plan: a conduit has others.
func (w *follower) own(results []eventsub.Result) []eventsub.Result {
	return slices.DeleteFunc(results, func(r eventsub.Result) bool { return !w.plan.wants(r.Condition.Type(), r.Condition.Fields()) })
}

// where names the channels.
func (w *follower) where() string {
	logins := make([]string, len(w.plan.channels))
	for i, c := range w.plan.channels {
		logins[i] = c.login
	}
	if len(logins) == 1 {
		return " in the channel " + logins[0]
	}
	return " in the channels " + strings.Join(logins, ", ")
}

// refusal says why Twitch refused a subscription. Its text names none of the causes, so
// all that are possible are named.
func (w *follower) refusal(r eventsub.Result) string {
	t := typeArg(r.Condition.Type())
	if !errors.Is(r.Err, helix.ErrForbidden) {
		return fmt.Sprintf("%s is refused: %v", t, r.Err)
	}
	info, _ := eventsub.Lookup(r.Condition.Type())
	causes := []string{}
	if len(info.Roles) > 0 {
		causes = append(causes, "must be "+roleText(info.Roles)+" of the channel")
	}
	if len(info.Scopes) > 0 {
		causes = append(causes, "must have granted "+scopeText(info.Scopes)+" to this application")
	}
	if strings.Contains(info.Type.Name, ".chat") {
		causes = append(causes, "must not be banned from the chat")
	}
	who := w.s.name(cmp.Or(r.UserID, r.Condition.Fields()[info.TokenUser]))
	if len(causes) == 0 {
		return fmt.Sprintf("%s is refused: %v", t, r.Err)
	}
	return fmt.Sprintf("%s is refused by Twitch: %s %s", t, who, strings.Join(causes, ", and "))
}

// state tells about lost connections.
func (w *follower) state(phase eventsub.Phase, text string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch phase {
	case eventsub.Waiting:
		w.lost = true
		w.warn(text, hint(err))
	case eventsub.Subscribed, eventsub.Incomplete:
		if w.lost {
			w.note(text)
		}
		w.lost = false
	case eventsub.Connected, eventsub.Connecting:
		if err != nil {
			w.lost = true
			w.warn(text, "")
		}
	default:
	}
}

// revoked tells that Twitch ended a subscription: the first time with the meaning of the
// reason. After the last subscription, the command ends.
func (w *follower) revoked(e *eventsub.RevokedError) {
	w.mu.Lock()
	explained := w.explained[e.Reason]
	w.explained[e.Reason] = true
	w.mu.Unlock()
	text, command := "Twitch ended the subscription to "+typeArg(e.Type)+": ", ""
	if explained {
		text += e.Reason
	} else {
		text += explainStatus(e.Reason).means
		if e.Reason == string(helix.EventSubStatusAuthorizationRevoked) {
			command = w.f.app.command("larkspur login")
		}
	}
	w.warn(text, command)
	for _, r := range w.own(w.source.Results()) {
		if r.Outcome != eventsub.OutcomeRevoked {
			return
		}
	}
	w.end(errors.New("nothing is left to follow"))
}
