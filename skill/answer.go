package skill

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/action"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// answerEvery is how long a user who is refused again gets no other answer, so that a viewer
// cannot make the bot write.
const answerEvery = 30 * time.Second

// maxAnswered bounds how many users are remembered.
const maxAnswered = 10_000

// answers knows who was told lately that a skill refuses them.
type answers struct {
	mu   sync.Mutex
	last map[string]time.Time // guarded by mu; by user
}

// due reports whether a user may be told something again, and notes that they are.
func (a *answers) due(user string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if last, ok := a.last[user]; ok && now.Sub(last) < answerEvery {
		return false
	}
	if a.last == nil || len(a.last) >= maxAnswered {
		a.last = map[string]time.Time{}
	}
	a.last[user] = now
	return true
}

// loadAnswer reads refused: or cooling:.
func (l *loader) loadAnswer(n *config.Node, s *expr.Scope) *text {
	if n == nil {
		return nil
	}
	l.needs.addAction(action.Named("reply"))
	return compileText(n, l.problems, s)
}

// deny reports that the user may not, and says so if the skill does.
func (c *call) deny(ctx context.Context) {
	c.report(Report{Outcome: Denied})
	c.answer(ctx, c.rule.refused)
}

// answer says a text to the user, who was not told anything for a while.
func (c *call) answer(ctx context.Context, t *text) {
	if t == nil || !c.engine.answers.due(c.chatter.key(), time.Now()) {
		return
	}
	reply := action.Named("reply")
	own := c.engine.call(c.rule, c.trigger, c.fields, c.event.Shape()) // a reaction of its own: that of c is over
	own.chatter, own.messageID = c.chatter, c.messageID
	own.found(c.values)
	own.run = &run{submit: c.engine.submitter(ctx), strict: c.engine.o.Executor == nil}
	own.run.add(own.step(reply.Name, ClassReply, "", func(ctx context.Context) (string, error) {
		line, err := t.message(ctx, own.env)
		if err != nil {
			return "", err
		}
		_, err = own.host().Do(ctx, Effect{Action: reply.Name, Args: map[string]any{"text": line, "message": own.messageID}})
		return line, err
	}))
}

// empty reports whether the set names nobody.
func (w *userSet) empty() bool {
	return len(w.ids)+len(w.logins)+len(w.roles) == 0 && w.tier == 0 && !w.first
}

// loadAges reads follower: and account-age: of allow:.
func (l *loader) loadAges(n *config.Node) *ages {
	follower, account := n.Field("follower"), n.Field("account-age")
	if follower == nil && account == nil {
		return nil
	}
	a := &ages{}
	if follower != nil {
		a.follows = true
		if follower.Kind != config.Bool || follower.Value != true { // true: any follower
			a.follower = longDuration(follower, l.problems)
		}
		l.needs.Endpoints = addOnce(l.needs.Endpoints, "get-channel-followers")
	}
	if account != nil {
		a.account = longDuration(account, l.problems)
	}
	return a
}

// longDuration reads a duration that may be in days, as 30d.
func longDuration(n *config.Node, ps *config.Problems) time.Duration {
	if text, ok := n.Value.(string); ok {
		if days, isDays := strings.CutSuffix(text, "d"); isDays && isDigits(days) && len(days) < 6 {
			d, _ := time.ParseDuration(days + "h") // five digits at most
			return d * 24
		}
	}
	d, _ := n.Duration(ps) // a mistake was reported
	return d
}

// tierOf returns the tier of a subscription by its badge: version 3012 is twelve months of
// tier 3, 12 of tier 1.
func tierOf(badges []chat.Badge) int {
	i := slices.IndexFunc(badges, func(b chat.Badge) bool { return b.Set == "subscriber" })
	switch {
	case i < 0:
		return 0
	case len(badges[i].Version) == 4 && (badges[i].Version[0] == '2' || badges[i].Version[0] == '3'):
		return int(badges[i].Version[0] - '0')
	}
	return 1
}
