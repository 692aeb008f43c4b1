package eventsub

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
	"github.com/larkspur-dev/larkspur/eventsub/internal/socket"
	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
)

// skewWarning is how far the local clock may be off before a warning is logged.
const skewWarning = 30 * time.Second

// An account is the connection and the subscriptions of one user. Only its loop
// touches its fields.
type account struct {
	s      *Session
	userID string
	logger *slog.Logger
	events chan socket.Event
	socket *socket.Socket

	wants   []want
	results chan passed // from the reconciler
	running sync.WaitGroup
	rec     *reconciler        // of the current session, nil without one
	stopRec context.CancelFunc // ends rec
	lost    map[Type]bool      // what was subscribed on lost sessions, until a Gap tells it
	loss    *connection.Loss   // of the first of those sessions
	skewed  bool               // the clock was complained about
}

// passed is a pass of a reconciler.
type passed struct {
	state State
	first bool
}

func newAccount(s *Session, userID string) *account {
	a := &account{
		s: s, userID: userID,
		logger:  s.o.Logger.With("user_id", userID),
		events:  make(chan socket.Event),
		results: make(chan passed),
		lost:    map[Type]bool{},
	}
	a.socket = socket.New(socket.Options{
		URL: s.o.URL, Keepalive: s.o.Keepalive, HTTPClient: s.o.HTTPClient, Logger: a.logger, Random: rand.Float64,
		Decode: decodeFrame, CloseError: func(code int, reason string) error { return &CloseError{Code: code, Reason: reason} },
	}, a, a.events)
	return a
}

// decodeFrame reads a frame for a socket. The message is kept whole beside what the
// socket must know of it.
func decodeFrame(frame []byte) (socket.Message, error) {
	m, err := wire.DecodeFrame(frame)
	return socket.Message{
		Kind: m.Kind, Sent: m.Timestamp,
		Session: m.Session.ID, Keepalive: m.Session.Keepalive, ReconnectURL: m.Session.ReconnectURL,
		Body: &m,
	}, err
}

// run returns when ctx ends, after everything it started has ended. It calls fail
// when the session cannot go on.
func (a *account) run(ctx context.Context, fail context.CancelCauseFunc) {
	ctx, cancel := context.WithCancel(ctx)
	defer a.socket.Wait()
	defer a.running.Wait()
	defer cancel()
	if err := a.loop(ctx); err != nil && ctx.Err() == nil {
		fail(err)
	}
}

func (a *account) loop(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		users, changed := a.s.snapshot()
		if a.wants = users[a.userID]; a.rec != nil {
			a.rec.want(a.wants)
		}
		if err := a.want(ctx, len(a.wants) > 0); err != nil {
			return err
		}
		for stale := false; !stale; {
			if at := a.socket.Deadline(); at.IsZero() {
				timer.Stop()
			} else {
				timer.Reset(time.Until(at))
			}
			var err error
			select {
			case e := <-a.events:
				err = a.take(ctx, e)
			case r := <-a.results:
				err = a.passed(ctx, r)
			case <-changed:
				stale = true
			case <-ctx.Done():
				return nil
			case <-timer.C:
				// Handlers may have held this loop up while frames were waiting to be
				// read: they show that the connection is alive.
				select {
				case e := <-a.events:
					err = a.take(ctx, e)
				default:
					err = a.socket.Tick(ctx)
				}
			}
			if err != nil {
				return err
			}
		}
	}
}

func (a *account) want(ctx context.Context, needed bool) error {
	if !needed && a.rec != nil {
		a.forgetSession()
		a.loss = nil
		clear(a.lost)
		a.tell(ctx, State{Phase: Idle})
	}
	return a.socket.Want(ctx, needed)
}

func (a *account) take(ctx context.Context, e socket.Event) error {
	before := a.socket.Connections()
	err := a.socket.Take(ctx, e)
	a.s.stats.connections.Add(uint64(a.socket.Connections() - before)) //nolint:gosec // never negative
	return err
}

func (a *account) passed(ctx context.Context, r passed) error {
	a.tell(ctx, r.state)
	if !r.first || a.loss == nil {
		return nil
	}
	loss := *a.loss
	a.loss = nil
	return a.tellGap(ctx, loss, time.Now())
}

// Connecting implements [socket.Handler].
func (a *account) Connecting(ctx context.Context) { a.tell(ctx, State{Phase: Connecting}) }

// Session implements [socket.Handler]: it starts the reconciler of a fresh session,
// or tells the present one that its session has another id now.
func (a *account) Session(ctx context.Context, ids []string, fresh bool) {
	a.tell(ctx, State{Phase: Connected, Session: ids[len(ids)-1]})
	if !fresh && a.rec != nil {
		a.rec.moved(ids)
		return
	}
	recCtx, cancel := context.WithCancel(ctx)
	a.stopRec = cancel
	a.rec = newReconciler(a.s.api, a.userID, ids, a.s.o.Recheck, a.logger)
	a.rec.want(a.wants)
	rec := a.rec
	a.running.Go(func() {
		rec.run(recCtx, func(s State, first bool) {
			select {
			case a.results <- passed{state: s, first: first}:
			case <-recCtx.Done():
			}
		})
	})
}

// Lost implements [socket.Handler].
func (a *account) Lost(_ context.Context, loss connection.Loss) {
	a.forgetSession()
	if a.loss == nil && len(a.lost) > 0 {
		a.loss = &loss
	}
}

// forgetSession ends the reconciler and remembers what it had subscribed.
func (a *account) forgetSession() {
	if a.rec == nil {
		return
	}
	a.stopRec()
	for _, t := range a.rec.types() {
		a.lost[t] = true
	}
	a.rec, a.stopRec = nil, nil
}

// Gap implements [socket.Handler]: the session lived on, its connection did not.
func (a *account) Gap(ctx context.Context, loss connection.Loss, to time.Time) error {
	if a.rec != nil {
		for _, t := range a.rec.types() {
			a.lost[t] = true
		}
	}
	return a.tellGap(ctx, loss, to)
}

// Notification implements [socket.Handler].
func (a *account) Notification(ctx context.Context, m socket.Message, late bool) error {
	a.warnOfSkew(ctx)
	for _, n := range notifications(m.Body.(*wire.Message), late) {
		a.s.stats.notifications.Add(1)
		if err := a.s.mux.Dispatch(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// Revocation implements [socket.Handler].
func (a *account) Revocation(ctx context.Context, m socket.Message) {
	a.s.stats.revoked.Add(1)
	sub := Subscription(m.Body.(*wire.Message).Subscription)
	if a.rec != nil {
		a.rec.drop(sub.ID)
	}
	a.s.revoke(ctx, a.userID, sub)
}

// Waiting implements [socket.Handler].
func (a *account) Waiting(ctx context.Context, w connection.Waiting) {
	a.tell(ctx, State{Phase: Waiting, Err: w.Reason, RetryIn: w.RetryIn, opened: w.Welcomed})
}

// Refused implements [socket.Handler].
func (a *account) Refused(ctx context.Context, session string) {
	a.tell(ctx, State{Phase: Connected, Session: session, Err: ErrReconnectURL})
}

// Unknown implements [socket.Handler].
func (a *account) Unknown(_ context.Context, kind string, frame []byte) {
	a.s.stats.unknown.Add(1)
	if a.s.o.OnUnknown != nil {
		a.s.o.OnUnknown(kind, frame)
	}
}

func (a *account) tellGap(ctx context.Context, loss connection.Loss, to time.Time) error {
	if len(a.lost) == 0 {
		return nil
	}
	gap := Gap{
		From: loss.From, To: to, Session: loss.Session, UserID: a.userID,
		Reason: loss.Reason.Error(), Lost: slices.SortedFunc(maps.Keys(a.lost), compareTypes),
	}
	clear(a.lost)
	a.s.stats.gaps.Add(1)
	a.logger.WarnContext(ctx, "events may have been missed", "from", gap.From, "to", gap.To, "lost", gap.Lost)
	event, err := json.Marshal(gap)
	if err != nil {
		return err
	}
	return a.s.mux.Dispatch(ctx, Notification{
		Meta: Meta{MessageID: "gap " + gap.SemanticKey(), Timestamp: to}, Type: GapType, Event: event,
	})
}

func (a *account) tell(ctx context.Context, s State) {
	s.UserID = a.userID
	level := slog.LevelInfo
	if s.Err != nil {
		level = slog.LevelWarn
	}
	if closed, ok := s.Err.(*CloseError); ok && closed.Code == connection.CodeInbound { //nolint:errorlint // never wrapped
		level = slog.LevelError
	}
	attrs := []slog.Attr{slog.String("phase", string(s.Phase)), slog.String("text", s.String())}
	if s.Err != nil {
		attrs = append(attrs, slog.Any("error", s.Err), slog.Duration("retry_in", s.RetryIn))
	}
	a.logger.LogAttrs(ctx, level, "eventsub connection", attrs...)
	if a.s.o.OnState != nil {
		a.s.o.OnState(s)
	}
}

func (a *account) warnOfSkew(ctx context.Context) {
	if off := a.socket.Skew().Abs(); off < skewWarning {
		a.skewed = false
	} else if !a.skewed {
		a.skewed = true
		a.logger.WarnContext(ctx, "the local clock differs from Twitch's", "ahead", a.socket.Skew())
	}
}
