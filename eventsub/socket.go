package eventsub

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// skewWarning is how far our clock may be off before somebody should know.
const skewWarning = 30 * time.Second

// A socket is the I/O around one machine: the connections and the reconciler of
// one user. Only its loop touches its fields.
type socket struct {
	s      *Session
	userID string
	logger *slog.Logger
	m      *machine

	inputs  chan input
	running sync.WaitGroup
	links   map[int]context.CancelFunc
	rec     *reconciler        // of the current session, nil without one
	stopRec context.CancelFunc // ends rec
	lost    map[Type]bool      // what was subscribed on lost sessions, until a Gap told it
	skewed  bool               // the clock was complained about
}

func newSocket(s *Session, userID string) *socket {
	return &socket{
		s: s, userID: userID,
		logger: s.o.Logger.With("user_id", userID),
		m:      newMachine(withKeepalive(s.o.URL, s.o.Keepalive), s.o.Keepalive, rand.Float64),
		inputs: make(chan input),
		links:  map[int]context.CancelFunc{},
		lost:   map[Type]bool{},
	}
}

func withKeepalive(address string, keepalive time.Duration) string {
	u, err := url.Parse(address)
	if err != nil {
		return address // the dial says what is wrong
	}
	q := u.Query()
	q.Set("keepalive_timeout_seconds", strconv.Itoa(int(keepalive/time.Second)))
	u.RawQuery = q.Encode()
	return u.String()
}

// run returns when ctx ends, after everything it started has ended. It calls fail
// when the session cannot go on.
func (k *socket) run(ctx context.Context, fail context.CancelCauseFunc) {
	ctx, cancel := context.WithCancel(ctx)
	defer k.running.Wait()
	defer cancel()
	timer := time.NewTimer(0)
	defer timer.Stop()
	timer.Stop()
	for {
		users, changed := k.s.snapshot()
		wants := users[k.userID]
		if k.rec != nil {
			k.rec.want(wants)
		}
		in := input(inWanted{wanted: len(wants) > 0})
		for stale := false; !stale; {
			if err := k.take(ctx, in, wants); err != nil {
				if ctx.Err() == nil {
					fail(err)
				}
				return
			}
			if at := k.m.deadline(); at.IsZero() {
				timer.Stop()
			} else {
				timer.Reset(time.Until(at))
			}
			select {
			case in = <-k.inputs:
			case <-changed:
				stale = true
			case <-ctx.Done():
				return
			case <-timer.C:
				// A full mux may have held this loop up while frames were waiting to
				// be read: they prove that the connection is alive.
				select {
				case in = <-k.inputs:
				default:
					in = inTick{}
				}
			}
		}
	}
}

// Inputs that are no concern of the machine's.
type (
	inSubscribed struct{ state State } // the reconciler made a pass
	inUnknown    struct {              // a message came that is not understood
		link  int
		kind  string
		frame []byte
	}
)

func (k *socket) take(ctx context.Context, in input, wants []want) error {
	switch special := in.(type) {
	case inSubscribed:
		k.tell(ctx, special.state)
		return nil
	case inUnknown:
		if k.s.o.OnUnknown != nil {
			k.s.o.OnUnknown(special.kind, special.frame)
		}
		in = inSign{link: special.link}
	}
	return k.apply(ctx, k.m.step(in, time.Now()), wants)
}

// send gives an input to the loop, unless ctx ends first.
func (k *socket) send(ctx context.Context, in input) bool {
	select {
	case k.inputs <- in:
		return true
	case <-ctx.Done():
		return false
	}
}

// apply does what the machine wants done.
func (k *socket) apply(ctx context.Context, outputs []output, wants []want) error {
	for _, out := range outputs {
		switch out := out.(type) {
		case outDial:
			linkCtx, cancel := context.WithCancel(ctx)
			k.links[out.link] = cancel
			k.running.Go(func() { k.read(linkCtx, out) })
		case outClose:
			if cancel, ok := k.links[out.link]; ok {
				cancel()
				delete(k.links, out.link)
			}
		case outSession:
			k.reconcile(ctx, out, wants)
		case outLost:
			k.forgetSession()
		case outNotify:
			k.warnOfSkew(ctx)
			for _, n := range out.msg.notifications(out.late) {
				k.s.stats.notifications.Add(1)
				if err := k.s.mux.Dispatch(ctx, n); err != nil {
					return err
				}
			}
		case outRevoked:
			k.s.stats.revoked.Add(1)
			if k.rec != nil {
				k.rec.drop(out.subscription.ID)
			}
			k.s.revoke(ctx, k.userID, out.subscription)
		case outGap:
			if err := k.tellGap(ctx, out); err != nil {
				return err
			}
		case outState:
			k.tell(ctx, out.state)
		}
	}
	return nil
}

// reconcile starts the reconciler of a fresh session, or tells the present one
// that its session has another id now.
func (k *socket) reconcile(ctx context.Context, out outSession, wants []want) {
	if !out.fresh && k.rec != nil {
		k.rec.moved(out.ids)
		return
	}
	k.forgetSession()
	recCtx, cancel := context.WithCancel(ctx)
	k.stopRec = cancel
	k.rec = newReconciler(k.s.api, k.userID, out.ids, k.s.o.Recheck, k.logger)
	k.rec.want(wants)
	rec := k.rec
	k.running.Go(func() {
		rec.run(recCtx, func(s State, first bool) {
			k.send(recCtx, inSubscribed{state: s})
			if first {
				k.send(recCtx, inRestored{})
			}
		})
	})
}

// forgetSession ends the reconciler and remembers what it had subscribed.
func (k *socket) forgetSession() {
	if k.rec == nil {
		return
	}
	k.stopRec()
	for _, t := range k.rec.types() {
		k.lost[t] = true
	}
	k.rec, k.stopRec = nil, nil
}

func (k *socket) tellGap(ctx context.Context, out outGap) error {
	if len(k.lost) == 0 && k.rec != nil { // the session lived on, its connection did not
		for _, t := range k.rec.types() {
			k.lost[t] = true
		}
	}
	gap := Gap{
		From: out.loss.from, To: out.to, Session: out.loss.session, UserID: k.userID,
		Reason: out.loss.reason.Error(), Lost: slices.SortedFunc(maps.Keys(k.lost), compareTypes),
	}
	clear(k.lost)
	k.s.stats.gaps.Add(1)
	k.logger.WarnContext(ctx, "events may have been missed", "from", gap.From, "to", gap.To, "lost", gap.Lost)
	event, err := json.Marshal(gap)
	if err != nil {
		return err
	}
	return k.s.mux.Dispatch(ctx, Notification{
		Meta: Meta{MessageID: "gap " + gap.SemanticKey(), Timestamp: out.to}, Type: GapType, Event: event,
	})
}

func (k *socket) tell(ctx context.Context, s State) {
	s.UserID = k.userID
	level := slog.LevelInfo
	if s.Err != nil {
		level = slog.LevelWarn
	}
	if closed, ok := s.Err.(*CloseError); ok && closed.Code == closeInbound { //nolint:errorlint // set by read, never wrapped
		level = slog.LevelError
	}
	attrs := []slog.Attr{slog.String("phase", string(s.Phase)), slog.String("text", s.String())}
	if s.Err != nil {
		attrs = append(attrs, slog.Any("error", s.Err), slog.Duration("retry_in", s.RetryIn))
	}
	k.logger.LogAttrs(ctx, level, "eventsub connection", attrs...)
	if k.s.o.OnState != nil {
		k.s.o.OnState(s)
	}
}

func (k *socket) warnOfSkew(ctx context.Context) {
	if off := k.m.skew.Abs(); off < skewWarning {
		k.skewed = false
	} else if !k.skewed {
		k.skewed = true
		k.logger.WarnContext(ctx, "this machine's clock differs from Twitch's", "ahead", k.m.skew)
	}
}
