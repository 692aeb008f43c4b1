package oauth_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A modelWorld consists of Twitch, a disk and some processes that share the disk.
type modelWorld struct {
	twitch *modelTwitch
	disk   *modelDisk
	calls  sync.WaitGroup

	updates bool // the store can change many tokens in one write

	mu        sync.Mutex
	processes []*modelProcess // guarded by mu; includes those that have ended
	story     []string        // guarded by mu; the events so far
	problem   string          // guarded by mu; the first violation
}

// A modelProcess is a Manager with its connections to Twitch and to the disk. Both end
// when the process dies.
type modelProcess struct {
	w      *modelWorld
	n      int // which one
	m      *oauth.Manager
	ctx    context.Context
	cancel context.CancelFunc
	died   chan struct{}
	once   sync.Once

	watches  map[string]*watch // guarded by w.mu; by refresh token
	troubles []storeTrouble    // guarded by w.mu; of the next operations
	left     bool              // guarded by w.mu; ended cleanly, and everything was stored
	refused  bool              // guarded by w.mu; its store did not store something
	diedAt   time.Time         // guarded by w.mu
}

func (w *modelWorld) newProcess() *modelProcess {
	p := &modelProcess{w: w, died: make(chan struct{}), watches: map[string]*watch{}}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	secret := "secret"
	if w.twitch.public {
		secret = ""
	}
	var store oauth.Store = p
	if w.updates {
		store = modelUpdater{p}
	}
	p.m = oauth.NewManager("client", secret, store, oauth.Options{
		HTTPClient: &http.Client{Transport: p, Timeout: 15 * time.Second},
		BaseURL:    "http://twitch.test/oauth2",
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	p.n = len(w.processes)
	w.processes = append(w.processes, p)
	return p
}

func (p *modelProcess) dead() bool {
	select {
	case <-p.died:
		return true
	default:
		return false
	}
}

// crash simulates SIGKILL: p has no further effect, and its locks are released.
func (p *modelProcess) crash() {
	p.once.Do(func() {
		p.w.mu.Lock()
		p.diedAt = time.Now()
		p.w.recordLocked("process %d ends", p.n)
		p.w.mu.Unlock()
		close(p.died)
		p.cancel()
	})
}

// fail records a violation.
func (w *modelWorld) fail(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failLocked(format, args...)
}

func (w *modelWorld) failLocked(format string, args ...any) {
	if w.problem == "" {
		w.problem = fmt.Sprintf(format, args...)
		w.recordLocked("WRONG: %s", w.problem)
	}
}

// record adds an entry to the story.
func (w *modelWorld) record(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.recordLocked(format, args...)
}

func (w *modelWorld) recordLocked(format string, args ...any) {
	at := time.Now().Format("02 15:04:05.000000 ")
	w.story = append(w.story, at+fmt.Sprintf(format, args...))
}

// check fails the test if there was a violation.
func (w *modelWorld) check(t *rapid.T) {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.problem != "" {
		t.Fatalf("%s, in this story:\n%s", w.problem, strings.Join(w.story[max(0, len(w.story)-60):], "\n"))
	}
}

// String returns the name of p in the story.
func (p *modelProcess) String() string { return "process " + strconv.Itoa(p.n) }

// start starts a call of p's Manager. f returns the token, or "" if the call has none.
func (p *modelProcess) start(c *modelCall, f func(ctx context.Context) (string, error)) {
	c.adds = p.w.disk.addsOf(c.userID)
	ctx, cancel := context.WithTimeout(context.WithValue(p.ctx, modelCallKey{}, c), 90*time.Second)
	p.w.calls.Go(func() {
		defer cancel()
		p.w.record("%v: %s for %s", p, c.kind, c.userID)
		token, err := f(ctx)
		p.w.record("%v: %s for %s gave %q, %v", p, c.kind, c.userID, token, err)
		if !p.dead() && ctx.Err() == nil {
			p.w.checkCall(c, token, err)
		}
	})
}

func (w *modelWorld) all() []*modelProcess {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.processes)
}

// alive returns the running processes. If there is none, it starts one.
func (w *modelWorld) alive() []*modelProcess {
	alive := slices.DeleteFunc(w.all(), (*modelProcess).dead)
	if len(alive) == 0 {
		alive = append(alive, w.newProcess())
	}
	return alive
}

// quit ends a process cleanly.
func (w *modelWorld) quit(p *modelProcess) {
	w.mu.Lock()
	p.troubles = nil
	w.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithValue(p.ctx, modelCallKey{}, &modelCall{kind: "close"}), 2*time.Minute)
	defer cancel()
	if err := p.m.Close(ctx); err != nil && !p.dead() {
		w.fail("a process could not be closed: %v", err)
	}
	w.mu.Lock()
	p.left = true
	w.mu.Unlock()
	p.crash() // ends its goroutines
}

// calm ends all faults.
func (w *modelWorld) calm() {
	w.twitch.set(func(tw *modelTwitch) { tw.troubles = nil })
	for _, p := range w.all() {
		w.mu.Lock()
		p.troubles = nil
		w.mu.Unlock()
	}
}
