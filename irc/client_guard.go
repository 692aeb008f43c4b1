package irc

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
)

// errOptionPanicked is the error of a function of the options that panicked.
var errOptionPanicked = errors.New("irc: a function of Options panicked; the log has the stack trace")

// guard makes the functions of the options safe to call: a panic in one is an error, and
// does not end the program.
func (o *Options) guard() {
	if token := o.Token; token != nil {
		o.Token = func(ctx context.Context) (_ string, err error) {
			defer caught(ctx, o.Logger, "Token", &err)
			return token(ctx)
		}
	}
	if renew := o.RenewToken; renew != nil {
		o.RenewToken = func(ctx context.Context, stale string) (_ string, err error) {
			defer caught(ctx, o.Logger, "RenewToken", &err)
			return renew(ctx, stale)
		}
	}
}

// onState calls OnState. A panic of it is a line in the log.
func (o *Options) onState(ctx context.Context, s State) {
	var err error
	defer caught(ctx, o.Logger, "OnState", &err)
	o.OnState(s)
}

// caught recovers a panic, logs it and sets err.
func caught(ctx context.Context, log *slog.Logger, name string, err *error) {
	if r := recover(); r != nil {
		log.ErrorContext(ctx, "chat option panicked", "option", name, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
		*err = errOptionPanicked
	}
}
