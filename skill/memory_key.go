package skill

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// The scopes of what skills remember.
const (
	scopeSkill   = "skill"
	scopeChannel = "channel"
	scopeUser    = "user"
)

// key returns the key of a name in a scope. user is the id of the user of scope user.
func (c *call) key(scope, user, name string) (Key, error) {
	switch {
	case name == "":
		return Key{}, errNoKey
	case len(name) > maxName:
		return Key{}, errLongKey
	}
	k := Key{Channel: c.engine.o.ChannelID, Name: name}
	switch scope {
	case "", scopeSkill:
		k.Scope = scopeSkill + "/" + c.rule.skill
	case scopeChannel:
		k.Scope = scopeChannel
	case scopeUser:
		if user == "" {
			return Key{}, errors.New("memory: the event names no user")
		}
		k.Scope = scopeUser + "/" + user
	}
	return k, nil
}

// recall returns a remembered value. ok is false if there is none.
func (c *call) recall(ctx context.Context, k Key) (v expr.Value, ok bool, err error) {
	memo, err := c.engine.o.Memory.Get(ctx, k)
	if err != nil {
		return v, false, fmt.Errorf("memory: %w", err)
	}
	if memo = memo.current(time.Now()); memo.Value == "" {
		return v, false, nil
	}
	v, err = expr.ParseJSON(memo.Value)
	return v, err == nil, err
}

// remember changes what is remembered by a key.
func (c *call) remember(ctx context.Context, k Key, f func(Memo) (Memo, error)) error {
	err := c.engine.o.Memory.Update(ctx, k, func(m Memo) (Memo, error) {
		out, err := f(m.current(time.Now()))
		if err == nil && len(out.Value) > maxValue {
			err = fmt.Errorf("a value can have %d KiB at most", maxValue>>10)
		}
		return out, err
	})
	if err != nil {
		return fmt.Errorf("memory: %w", err)
	}
	return nil
}

// increment adds to a remembered whole number, which is 0 if there is none. It returns the
// sum.
func (c *call) increment(ctx context.Context, k Key, by int64) (*big.Int, error) {
	sum := new(big.Int)
	return sum, c.remember(ctx, k, func(m Memo) (Memo, error) {
		if m.Value == "" || m.Value == "null" {
			m.Value = "0"
		}
		if _, ok := sum.SetString(m.Value, 10); !ok {
			return m, fmt.Errorf("%q is not an integer", k.Name)
		}
		m.Value = sum.Add(sum, big.NewInt(by)).String()
		return m, nil
	})
}
