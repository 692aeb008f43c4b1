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

// A modelWorld is Twitch, a disk and some processes that share it.
type modelWorld struct {
	twitch *modelTwitch
	disk   *modelDisk
	calls  sync.WaitGroup

	updates bool // the store can change many tokens in one write

	mu        sync.Mutex
	processes []*modelProcess // guarded by mu; those that left, too
	story     []string        // guarded by mu; what happened so far
	problem   string          //  guarded by mu; the first thing that must not happen
}

// A modelProcess is a Manager with its way to Twitch and to the disk, both of which
// end when it dies.
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
	left     bool              // guarded by w.mu; cleanly, and its store took everything
	refused  bool              // guarded by w.mu; its store did not take something
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

// crash is SIGKILL: nothing that p does has an effect anymore, and its locks are free.
func (p *modelProcess) crash() {
	p.once.Do(func() {
		p.w.mu.Lock()
		p.diedAt = time.Now()
		p.w.tellLocked("process %d ends", p.n)
		p.w.mu.Unlock()
		close(p.died)
		p.cancel()
	})
}

// broken notes something that must not happen.
func (w *modelWorld) broken(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.brokenLocked(format, args...)
}

func (w *modelWorld) brokenLocked(format string, args ...any) {
	if w.problem == "" {
		w.problem = fmt.Sprintf(format, args...)
		w.tellLocked("WRONG: %s", w.problem)
	}
}

// tell adds to the story.
func (w *modelWorld) tell(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tellLocked(format, args...)
}

func (w *modelWorld) tellLocked(format string, args ...any) {
	at := time.Now().Format("02 15:04:05.000000 ")
	w.story = append(w.story, at+fmt.Sprintf(format, args...))
}

// check fails the test if something has happened that must not.
func (w *modelWorld) check(t *rapid.T) {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.problem != "" {
		t.Fatalf("%s, in this story:\n%s", w.problem, strings.Join(w.story[max(0, len(w.story)-60):], "\n"))
	}
}

// String is for the story.
func (p *modelProcess) String() string { return "process " + strconv.Itoa(p.n) }

// start makes a call of p's Manager that gives a token, or none where it gives none.
func (p *modelProcess) start(c *modelCall, f func(ctx context.Context) (string, error)) {
	c.adds = p.w.disk.addsOf(c.userID)
	ctx, cancel := context.WithTimeout(context.WithValue(p.ctx, modelCallKey{}, c), 90*time.Second)
	p.w.calls.Go(func() {
		defer cancel()
		p.w.tell("%v: %s for %s", p, c.kind, c.userID)
		token, err := f(ctx)
		p.w.tell("%v: %s for %s gave %q, %v", p, c.kind, c.userID, token, err)
		if !p.dead() && ctx.Err() == nil {
			p.w.judge(c, token, err)
		}
	})
}

func (w *modelWorld) all() []*modelProcess {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.processes)
}

// alive returns the processes that run; one takes the place of the last that died.
func (w *modelWorld) alive() []*modelProcess {
	alive := slices.DeleteFunc(w.all(), (*modelProcess).dead)
	if len(alive) == 0 {
		alive = append(alive, w.newProcess())
	}
	return alive
}

// quit is a clean exit.
func (w *modelWorld) quit(p *modelProcess) {
	w.mu.Lock()
	p.troubles = nil
	w.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithValue(p.ctx, modelCallKey{}, &modelCall{kind: "close"}), 2*time.Minute)
	defer cancel()
	if err := p.m.Close(ctx); err != nil && !p.dead() {
		w.broken("a process could not be closed: %v", err)
	}
	w.mu.Lock()
	p.left = true
	w.mu.Unlock()
	p.crash() // nothing of it is left
}

// calm ends all troubles.
func (w *modelWorld) calm() {
	w.twitch.set(func(tw *modelTwitch) { tw.troubles = nil })
	for _, p := range w.all() {
		w.mu.Lock()
		p.troubles = nil
		w.mu.Unlock()
	}
}
