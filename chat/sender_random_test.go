package chat_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
)

// A town is a Twitch with random delays, refusals and outages, which checks what arrives.
type town struct {
	t      *testing.T
	limits chat.Limits // with all fields but perhaps Account set

	mu      sync.Mutex
	random  *rand.Rand            // guarded by mu
	down    bool                  // guarded by mu
	roles   map[string]chat.Roles // guarded by mu; by login; none: unknown
	changed chan struct{}         // guarded by mu
	counted []arrival             // guarded by mu
	latest  map[string]int        // guarded by mu; number of the latest message, by channel and priority
}

// An arrival is a message as Twitch counts it.
type arrival struct {
	at        time.Time
	channel   string
	moderates bool
}

func (w *town) draw(n int) int { return w.random.IntN(n) }

func (w *town) Ready(chat.User) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down {
		return chat.ErrNotReady
	}
	return nil
}

func (w *town) Changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

func (w *town) Roles(channel chat.User) (chat.Roles, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	roles, known := w.roles[channel.Login]
	return roles, known
}

func (w *town) Carry(ctx context.Context, m chat.Outgoing) (string, error) {
	w.mu.Lock()
	if w.down {
		w.mu.Unlock()
		return "", chat.ErrNotReady
	}
	moderates := w.roles[m.Channel.Login]&(chat.Moderator|chat.Broadcaster) != 0
	there, back := time.Duration(w.draw(800))*time.Millisecond, time.Duration(w.draw(800))*time.Millisecond
	if w.draw(10) == 0 {
		there, back = 0, 0
	}
	outcome := w.draw(10)
	w.mu.Unlock()

	time.Sleep(there)
	w.count(m, moderates)
	time.Sleep(back)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case ctx.Err() != nil || w.down || outcome == 0:
		return "", chat.ErrUnknownOutcome
	case outcome == 1:
		return "", &chat.DroppedError{Code: "msg_rejected"}
	}
	return "id", nil
}

// count checks a message that arrives at Twitch.
func (w *town) count(m chat.Outgoing, moderates bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	var n, order int
	if _, err := fmt.Sscanf(m.Text, "message %d", &order); err != nil {
		w.t.Fatal(err)
	}
	lane := fmt.Sprint(m.Channel.Login, " ", m.Priority)
	if order <= w.latest[lane] {
		w.t.Errorf("%s: message %d arrived after message %d", lane, order, w.latest[lane])
	}
	w.latest[lane] = order
	limit, all, here := w.limits.Messages, 0, 0
	if moderates {
		limit = w.limits.ModMessages
	}
	for _, a := range w.counted {
		if now.Sub(a.at) >= 30*time.Second {
			continue
		}
		all++
		if a.channel == m.Channel.Login {
			here++
			if n++; !moderates && !a.moderates && now.Sub(a.at) < time.Second {
				w.t.Errorf("%s: two messages within %v", a.channel, now.Sub(a.at))
			}
		}
	}
	switch {
	case w.limits.Account > 0 && (all >= w.limits.Account || here >= limit):
		w.t.Errorf("%s: message %d of %d in all and %d of %d here", m.Channel.Login, all+1, w.limits.Account, here+1, limit)
	case w.limits.Account == 0 && all >= limit:
		w.t.Errorf("%s: message %d of %d within 30 s", m.Channel.Login, all+1, limit)
	}
	w.counted = append(w.counted, arrival{now, m.Channel.Login, moderates})
}

// change changes the town at random.
func (w *town) change() {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch w.draw(6) {
	case 0:
		w.down = !w.down
	case 1:
		w.down = false
	default:
		login := fmt.Sprint("c", w.draw(6))
		w.roles = maps.Clone(w.roles)
		if w.roles[login] = chat.Moderator; w.draw(2) == 0 {
			w.roles[login] = chat.VIP
		}
		if w.draw(4) == 0 {
			delete(w.roles, login)
		}
	}
	close(w.changed)
	w.changed = make(chan struct{})
}

// Whatever happens, the limits hold as Twitch counts, the order holds in each channel for
// each priority, the queue keeps its bound, and every message has an outcome.
func TestSenderKeepsItsPromises(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { randomSender(t, seed) })
		})
	}
}

func randomSender(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 1))
	w := &town{
		t: t, random: rand.New(rand.NewPCG(seed, 2)), roles: map[string]chat.Roles{}, changed: make(chan struct{}), latest: map[string]int{},
		limits: chat.Limits{Messages: 1 + random.IntN(20), ModMessages: 20 + random.IntN(40), Account: random.IntN(2) * 60},
	}
	s := chat.NewSender(w, chat.SenderOptions{Limits: w.limits, Queue: 30, TTL: 20 * time.Second})
	var calls sync.WaitGroup
	total := 0
	for range 400 {
		for range random.IntN(4) {
			total++
			ctx, cancel := t.Context(), context.CancelFunc(func() {})
			if random.IntN(10) == 0 {
				ctx, cancel = context.WithTimeout(ctx, time.Duration(1+random.IntN(5000))*time.Millisecond)
			}
			m := chat.Outgoing{Channel: chat.User{Login: fmt.Sprint("c", random.IntN(6))}, Text: fmt.Sprint("message ", total), Priority: chat.Priority(random.IntN(2))}
			calls.Go(func() {
				defer cancel()
				_, _ = s.Send(ctx, m)
			})
			synctest.Wait()
		}
		if got := s.Stats().Waiting; got > 30 {
			t.Errorf("%d messages wait, want 30 at most", got)
		}
		if random.IntN(5) == 0 {
			w.change()
		}
		time.Sleep(time.Duration(1+random.IntN(1000)) * time.Millisecond)
	}
	calls.Wait()
	st := s.Stats()
	if sum := st.Accepted + st.Dropped + st.Unknown + st.Expired + st.Crowded + st.Failed; sum != int64(total) || st.Waiting != 0 {
		t.Errorf("got %+v, want %d outcomes", st, total)
	}
	w.mu.Lock()
	w.down = false
	w.mu.Unlock()
	time.Sleep(time.Minute)
	began := time.Now()
	if _, err := s.Say(t.Context(), chat.User{Login: "c0"}, "message 100000"); err != nil && !errors.Is(err, chat.ErrUnknownOutcome) && !errors.As(err, new(*chat.DroppedError)) {
		t.Errorf("got %v after all, want a message to be sent", err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("a message took %v after all", took)
	}
}
