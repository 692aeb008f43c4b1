package oauth_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/larkspur-dev/larkspur/oauth"
)

// TestTokensAreNeverLost runs random histories of some processes that share a store, with
// concurrent calls, crashes, faults of the network, of Twitch, of the disk and of clocks,
// users who disconnect the app, and programs that do not use the locks. Invariants are
// checked at every request, write and response. At the end, for each user either the
// token works, or the error contains the true reason why the user must log in.
//
// LARKSPUR_HISTORIES=100000 makes it a long run.
func TestTokensAreNeverLost(t *testing.T) {
	for range scale(t, "LARKSPUR_HISTORIES", 1000) / 100 {
		rapid.Check(t, func(t *rapid.T) { // 100 of them
			rapid.SyncTest(t, history)
		})
	}
}

func history(t *rapid.T) {
	w := newModelWorld(t)
	defer w.end()
	t.Repeat(map[string]func(*rapid.T){
		"token":       w.token,
		"fresh":       w.fresh,
		"renew":       w.renew,
		"renew again": w.renew,
		"add":         w.add,
		"remove":      w.remove,
		"round":       w.round,
		"crash":       w.crash,
		"restart":     w.restart,
		"disconnect":  w.disconnect,
		"rotate":      w.rotate,
		"network":     w.network,
		"disk":        w.diskTrouble,
		"full disk":   w.fullDisk,
		"wait":        w.wait,
		"wait again":  w.wait,
		"":            w.check,
	})
	w.settle(t)
}

func newModelWorld(t *rapid.T) *modelWorld {
	w := &modelWorld{
		twitch: &modelTwitch{
			public:    rapid.Bool().Draw(t, "public"),
			mostValid: rapid.SampledFrom([]int{50, 4}).Draw(t, "most valid"),
			life:      4 * time.Hour,
			skew:      time.Duration(rapid.SampledFrom([]int{0, -120, 10, 0, -3}).Draw(t, "skew")) * time.Minute,
			access:    map[string]*modelAccess{}, refresh: map[string]*modelRefresh{},
		},
		disk: &modelDisk{
			tokens: map[string]oauth.Token{}, held: map[string]bool{}, lost: map[string]bool{},
			begun: map[string]bool{}, again: map[string]bool{}, adds: map[string]int{}, holders: map[string]*modelProcess{},
		},
	}
	for _, userID := range []string{"1", "2"} {
		access, refresh := w.twitch.issue(userID)
		w.disk.storeToken("add", userID, oauth.Token{
			AccessToken: oauth.Secret(access), RefreshToken: oauth.Secret(refresh), ClientID: "client",
			UserID: userID, Login: "user" + userID, ExpiresAt: time.Now().Add(w.twitch.life),
		})
	}
	w.updates = rapid.Bool().Draw(t, "updates")
	for range rapid.IntRange(1, 3).Draw(t, "processes") {
		w.newProcess()
	}
	return w
}

// end waits until all calls have ended, so that no goroutine is left.
func (w *modelWorld) end() {
	for _, p := range w.alive() {
		p.crash()
	}
	w.calls.Wait()
	for _, p := range w.all() {
		_ = p.m.Close(context.Background())
	}
	time.Sleep(time.Hour)
}

func (w *modelWorld) anyProcess(t *rapid.T) *modelProcess {
	alive := w.alive()
	return alive[rapid.IntRange(0, len(alive)-1).Draw(t, "process")]
}

func anyUser(t *rapid.T) string { return rapid.SampledFrom([]string{"1", "2"}).Draw(t, "user") }

func (w *modelWorld) token(t *rapid.T) {
	p, user := w.anyProcess(t), anyUser(t)
	p.start(&modelCall{kind: "token", userID: user}, func(ctx context.Context) (string, error) { return p.m.Token(ctx, user) })
}

func (w *modelWorld) fresh(t *rapid.T) {
	p, user := w.anyProcess(t), anyUser(t)
	life := rapid.SampledFrom([]time.Duration{time.Minute, 3 * time.Hour, 5 * time.Hour}).Draw(t, "life")
	p.start(&modelCall{kind: "fresh", userID: user, life: life}, func(ctx context.Context) (string, error) { return p.m.FreshToken(ctx, user, life) })
}

func (w *modelWorld) renew(t *rapid.T) {
	p, user := w.anyProcess(t), anyUser(t)
	now, _ := w.disk.get(user)
	stale := rapid.SampledFrom([]string{string(now.AccessToken), "access-1", "access-2", "nonsense"}).Draw(t, "stale")
	p.start(&modelCall{kind: "renew", userID: user, stale: stale}, func(ctx context.Context) (string, error) { return p.m.Renew(ctx, user, stale) })
}

func (w *modelWorld) add(t *rapid.T) {
	p, user := w.anyProcess(t), anyUser(t)
	access, refresh := w.twitch.issue(user)
	if rapid.Bool().Draw(t, "expired") {
		w.twitch.set(func(tw *modelTwitch) { tw.access[access].expires = time.Now() })
	}
	p.start(&modelCall{kind: "add", userID: user}, func(ctx context.Context) (string, error) {
		_, err := p.m.Add(ctx, oauth.Token{AccessToken: oauth.Secret(access), RefreshToken: oauth.Secret(refresh)})
		return "", err
	})
}

func (w *modelWorld) remove(t *rapid.T) {
	p, user := w.anyProcess(t), anyUser(t)
	if rapid.Bool().Draw(t, "only here") {
		p.start(&modelCall{kind: "remove", userID: user}, func(ctx context.Context) (string, error) {
			_, err := p.m.Remove(ctx, user)
			return "", err
		})
	} else {
		p.start(&modelCall{kind: "logout", userID: user}, func(ctx context.Context) (string, error) { return "", p.m.Logout(ctx, user) })
	}
}

// round runs a program's Run for a minute.
func (w *modelWorld) round(t *rapid.T) {
	p := w.anyProcess(t)
	p.start(&modelCall{kind: "round"}, func(ctx context.Context) (string, error) {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		return "", p.m.Run(ctx)
	})
}

func (w *modelWorld) crash(t *rapid.T) {
	w.anyProcess(t).crash()
	w.disk.move(anyJump(t))
	w.newProcess()
}

// restart ends a process cleanly and starts another.
func (w *modelWorld) restart(t *rapid.T) {
	p := w.anyProcess(t)
	w.quit(p)
	w.disk.move(anyJump(t))
	w.newProcess()
}

// anyJump returns by how much the local clock was wrong before a restart.
func anyJump(t *rapid.T) time.Duration {
	return time.Duration(rapid.SampledFrom([]int{0, 0, 0, 24, -24, 1}).Draw(t, "jump")) * time.Hour
}

func (w *modelWorld) disconnect(t *rapid.T) {
	user := anyUser(t)
	w.record("user %s disconnects", user)
	w.twitch.disconnect(user)
}

// rotate exchanges a token in a program that does not use the locks.
func (w *modelWorld) rotate(t *rapid.T) {
	user, stores := anyUser(t), rapid.Bool().Draw(t, "stores")
	if w.disk.isBusy() {
		return // a write between a read and a write of a Manager: only locks prevent this
	}
	old, ok := w.disk.get(user)
	access, refresh := w.twitch.rotated(string(old.RefreshToken))
	w.record("a program rotates to %q of user %s and stores it: %v", refresh, user, stores)
	if !ok || access == "" || !stores {
		return
	}
	old.AccessToken, old.RefreshToken = oauth.Secret(access), oauth.Secret(refresh)
	old.ExpiresAt, old.Problem, old.RefreshingSince = time.Now().Add(w.twitch.life), "", time.Time{}
	w.disk.storeToken("add", user, old)
}

func (w *modelWorld) network(t *rapid.T) {
	seconds := func(name string) time.Duration {
		return time.Duration(rapid.SampledFrom([]int{0, 1, 10, 20}).Draw(t, name)) * time.Second
	}
	next := trouble{
		There: seconds("there"), Back: seconds("back"),
		Fault:  rapid.SampledFrom([]wireFault{wireFine, wireLost, wireSilent, wireTorn, wireRefused, wireActed}).Draw(t, "fault"),
		Status: rapid.SampledFrom([]int{500, 503, 429, 403}).Draw(t, "status"),
	}
	w.twitch.set(func(tw *modelTwitch) { tw.troubles = append(tw.troubles, next) })
}

func (w *modelWorld) diskTrouble(t *rapid.T) {
	p := w.anyProcess(t)
	fault := rapid.SampledFrom([]storeFault{
		storeFine, storeFails, storeUnsure, storeBefore, storeAfter, storeIsSlow, storeIsStuck,
	}).Draw(t, "fault")
	late := rapid.Bool().Draw(t, "late")
	w.mu.Lock()
	defer w.mu.Unlock()
	p.troubles = append(p.troubles, storeTrouble{fault, late})
}

// fullDisk makes the disk full just when Twitch has responded.
func (w *modelWorld) fullDisk(t *rapid.T) {
	p, user := w.anyProcess(t), anyUser(t)
	w.mu.Lock()
	p.troubles = append(p.troubles, storeTrouble{storeFails, true})
	w.mu.Unlock()
	now, _ := w.disk.get(user)
	p.start(&modelCall{kind: "renew", userID: user, stale: string(now.AccessToken)}, func(ctx context.Context) (string, error) {
		return p.m.Renew(ctx, user, string(now.AccessToken))
	})
	time.Sleep(time.Second)
	if !p.dead() && rapid.Bool().Draw(t, "leaves") {
		w.quit(p)
		w.newProcess()
	}
}

func (w *modelWorld) wait(t *rapid.T) {
	time.Sleep(rapid.SampledFrom([]time.Duration{
		30 * time.Millisecond, time.Second, 12 * time.Second, 2 * time.Minute, time.Hour, 5 * time.Hour,
	}).Draw(t, "wait"))
}
