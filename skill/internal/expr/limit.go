package expr

import (
	"context"
	"errors"
	"fmt"
	"runtime/metrics"
	"strings"
	"sync"
	"time"

	"go.starlark.net/starlark"
)

// Limits of one run. An expression is one line of configuration, a script a small
// program.
const (
	exprSteps   = 100_000
	scriptSteps = 2_000_000
	runTime     = 2 * time.Second // of computing; time spent in Go functions does not count
	maxGrowth   = 128 << 20       // of the heap of the process during one run
	watchEvery  = 5 * time.Millisecond
	longestGap  = 50 * time.Millisecond // between two checks; a longer gap means that the machine was busy or suspended
)

var (
	errSteps  = errors.New("stopped: too many steps; is there an endless loop?")
	errMemory = errors.New("stopped: uses too much memory")
	errTime   = errors.New("stopped: took too long")
)

// run is runRaw with an error for users: script, line and cause.
func run(ctx context.Context, steps uint64, f func(*starlark.Thread) (starlark.Value, error)) (starlark.Value, error) {
	v, err := runRaw(ctx, steps, f)
	return v, plainError(err)
}

// runRaw calls f on a thread of its own that stops at steps, with ctx, and when it
// computes too long or the memory of the process grows too much meanwhile.
func runRaw(ctx context.Context, steps uint64, f func(*starlark.Thread) (starlark.Value, error)) (starlark.Value, error) {
	thread := &starlark.Thread{Name: "skill", Print: func(*starlark.Thread, string) {}}
	thread.SetLocal(ctxKey, ctx)
	thread.SetMaxExecutionSteps(steps)
	thread.OnMaxSteps = func(t *starlark.Thread) { t.Cancel(errSteps.Error()) }
	defer context.AfterFunc(ctx, func() { thread.Cancel(errTime.Error()) })()
	defer watch(ctx, thread)()
	return f(thread)
}

// ctxKey is where a thread keeps the context of the event it works on.
const ctxKey = "ctx"

func threadContext(t *starlark.Thread) context.Context {
	return t.Local(ctxKey).(context.Context) //nolint:forcetypeassert // set by run, which makes every thread
}

// watch checks the heap and the clock every few milliseconds, because Starlark counts
// steps but not bytes. The returned function stops it.
func watch(ctx context.Context, thread *starlark.Thread) (stop func()) {
	w := &watcher{thread: thread, computed: computing(ctx)}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(watchEvery, w.check)
	return w.stop
}

type watcher struct {
	thread   *starlark.Thread
	computed func() time.Duration // without the time spent in Go functions

	mu     sync.Mutex
	timer  *time.Timer // guarded by mu
	ended  bool        // guarded by mu
	before uint64      // heap at the first check; guarded by mu

	last, used time.Duration // computing time at the last check, and how much of it counts; guarded by mu
}

func (w *watcher) check() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return
	}
	now, computed := heapBytes(), w.computed()
	w.used += min(computed-w.last, longestGap)
	w.last = computed
	switch {
	case w.before == 0:
		w.before = now
	case now > w.before+maxGrowth:
		w.thread.Cancel(errMemory.Error())
		return
	case w.used > runTime:
		w.thread.Cancel(errTime.Error())
		return
	}
	w.timer.Reset(watchEvery)
}

func (w *watcher) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	w.timer.Stop()
}

func heapBytes() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// plainError reduces Starlark's error to its cause, after the script's file and line if
// it happened in a script.
func plainError(err error) error {
	e, ok := errors.AsType[*starlark.EvalError](err)
	if !ok {
		return err
	}
	for i := range e.CallStack {
		pos := e.CallStack.At(i).Pos
		if pos.IsValid() && pos.Filename() != "expression" && pos.Filename() != "<builtin>" {
			return fmt.Errorf("%s:%d: %w", pos.Filename(), pos.Line, reason(err))
		}
	}
	return reason(err)
}

// reason returns the cause of Starlark's error without the stack.
func reason(err error) error {
	e, ok := errors.AsType[*starlark.EvalError](err)
	if !ok {
		return err
	}
	for _, known := range []error{errSteps, errMemory, errTime} {
		if strings.HasSuffix(e.Msg, known.Error()) {
			return known
		}
	}
	if cause := e.Unwrap(); cause != nil {
		return cause
	}
	return err
}
