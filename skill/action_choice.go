package skill

import (
	"context"
	"math/rand/v2"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// A picker is the texts of choose or rotate. What an engine has used of them is in its
// state of the rule.
type picker struct {
	texts   []*text
	weights []int
	turns   bool // one after another, not at random
}

// loadPicker reads a list of texts, each alone or with a weight.
func (l *loader) loadPicker(n *config.Node, s *expr.Scope, turns bool) func(context.Context, *call) (any, error) {
	if n.Kind != config.List || len(n.Items) == 0 {
		l.problems.Add(n, "want a list of texts")
		return nil
	}
	p := &picker{turns: turns}
	for _, item := range n.Items {
		weight, at := 1, item
		if item.Kind == config.Map && !turns {
			section := item.Section(l.problems, "text", "weight")
			if weight = section.Int("weight", 1); weight < 1 || weight > 1000 {
				l.problems.Add(section.Get("weight"), "want a whole number from 1 to 1000")
			}
			if at = section.Need("text"); at == nil {
				continue
			}
		}
		if t := l.text(at, s); t != nil {
			p.texts, p.weights = append(p.texts, t), append(p.weights, weight)
		}
	}
	if len(p.texts) < len(n.Items) {
		return nil
	}
	return func(ctx context.Context, c *call) (any, error) {
		return p.texts[c.state().pick(p)].message(ctx, c.env)
	}
}

// A bag is the texts of a picker that were not used yet, by their numbers.
type bag struct{ left []int }

// pick returns the number of the next text of a picker.
func (st *ruleState) pick(p *picker) int {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.bags == nil {
		st.bags = map[*picker]*bag{}
	}
	b := st.bags[p]
	if b == nil {
		b = &bag{}
		st.bags[p] = b
	}
	if len(b.left) == 0 {
		for i := range p.texts {
			b.left = append(b.left, i)
		}
	}
	at := 0
	if !p.turns {
		at = b.draw(p.weights)
	}
	n := b.left[at]
	b.left = append(b.left[:at], b.left[at+1:]...)
	return n
}

// draw returns a place in the bag, each with the chance of its weight.
func (b *bag) draw(weights []int) int {
	sum := 0
	for _, i := range b.left {
		sum += weights[i]
	}
	n := rand.IntN(sum) //nolint:gosec // a joke, not a secret
	for at, i := range b.left {
		if n -= weights[i]; n < 0 {
			return at
		}
	}
	return 0
}
