package eventsub

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"runtime"
	"strings"
)

// A Handler handles one notification whose event is still JSON.
type Handler func(ctx context.Context, n Notification) error

// A Middleware wraps a Handler: it may look at the notification, drop it by not
// calling next, or do something after next returned.
type Middleware func(next Handler) Handler

// A HandlerOption is an option of [On] and [Mux.OnAny].
type HandlerOption func(r *route)

// Named gives a handler the name that its errors and [Mux.Stuck] show. Default: the
// name of the function, such as "main.greet" or "main.main.func1".
func Named(name string) HandlerOption {
	return func(r *route) { r.name = name }
}

// A route is one registered handler. It is compared by address.
type route struct {
	name string
	// payload is a pointer to a zero event; nil for a handler of raw notifications.
	payload func() Payload
	call    func(ctx context.Context, n Notification, p Payload) error
}

// newRoute names a route after the function handle.
func newRoute(handle any, r route, options []HandlerOption) *route {
	if f := runtime.FuncForPC(reflect.ValueOf(handle).Pointer()); f != nil {
		name := f.Name()
		r.name = strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], "-fm")
	}
	for _, option := range options {
		option(&r)
	}
	return &r
}

// A HandlerError is an error of a handler, or its [PanicError], with the handler's
// name.
type HandlerError struct {
	Handler string // see [Named]
	Err     error
}

// Error returns the handler's name and its error.
func (e *HandlerError) Error() string { return fmt.Sprintf("handler %s: %v", e.Handler, e.Err) }

// Unwrap returns the handler's error.
func (e *HandlerError) Unwrap() error { return e.Err }

// LogValue returns the handler's name and the error as attributes.
func (e *HandlerError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("handler", e.Handler), slog.String("error", e.Err.Error()))
}
