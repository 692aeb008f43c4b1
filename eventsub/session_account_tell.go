package eventsub

import (
	"context"
	"log/slog"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
)

// told describes the subscriptions in the last reported State.
type told struct {
	said           bool
	active, wanted int
	err            string
}

// tellStatus reports the state of the subscriptions if it has changed and no request is
// under way that would change it again.
func (a *account) tellStatus(ctx context.Context, st reconcile.Status, now time.Time) {
	if !st.Settled {
		return
	}
	next := toldOf(st)
	if next == a.told {
		return
	}
	a.told = next
	s := stateOf(st, now)
	if s.Phase != Idle {
		s.Session = a.sessionID()
	}
	a.tell(ctx, s)
}

// toldOf returns what is remembered of a reported state.
func toldOf(st reconcile.Status) told {
	t := told{said: true, active: st.Active, wanted: st.Wanted}
	if st.Err != nil {
		t.err = st.Err.Error()
	}
	return t
}

// stateOf returns the state of settled subscriptions.
func stateOf(st reconcile.Status, now time.Time) State {
	s := State{Phase: Subscribed, Active: st.Active, Wanted: st.Wanted, Err: st.Err}
	switch {
	case st.Wanted == 0:
		return State{Phase: Idle}
	case st.Err != nil:
		if s.Phase = Incomplete; !st.Again.IsZero() {
			s.RetryIn = max(st.Again.Sub(now), 0)
		}
	}
	return s
}

// sessionID returns the id of the first open session, or "" if there is none.
func (a *account) sessionID() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.set.SessionID()
}

// tell logs a state and passes it to SessionOptions.OnState.
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

// tellGap dispatches a Gap, after the events that can be fetched if the Session has a
// Recoverer.
func (a *account) tellGap(ctx context.Context, g reconcile.Gap, to time.Time) error {
	if a.s.recovery != nil {
		a.s.recovery.gap(a.userID, g, to)
		return nil
	}
	wants := make([]want, len(g.Keys))
	for i, key := range g.Keys {
		wants[i] = a.want(key)
	}
	gap := gapOf(g, wants, to)
	gap.UserID = a.userID
	a.s.stats.gaps.Add(1)
	return dispatchGap(ctx, a.s.mux, a.logger, gap)
}
