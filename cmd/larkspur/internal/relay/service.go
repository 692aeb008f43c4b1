package relay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/nicholas-fedor/shoutrrr/pkg/types"
)

// A service is one of shoutrrr's.
type service struct {
	types.Service

	guard guard
	host  string       // that the service connects to; empty: a fixed, public one
	route *route       // of its requests by way of http.DefaultTransport
	own   *http.Client // if it does not use that

	running chan struct{} // holds one element per send that runs
	overdue atomic.Int32  // those of them whose time is up

	mu    sync.Mutex
	start func() error // guarded by mu; nil once it has succeeded
}

func newService(u *url.URL, scheme string, hide secrets, g guard) (*service, error) {
	create, ok := services[scheme]
	if !ok {
		return nil, errors.New(unknown(scheme))
	}
	inner := create()
	var err error
	if strings.Contains(u.Scheme, "+") { // the webhook's own URL: teams+https://…
		custom, ok := inner.(types.CustomURLService)
		if !ok {
			return nil, fmt.Errorf("%s takes no URL of another kind after a +", scheme)
		}
		if u, err = custom.GetConfigURLFromCustom(u); err != nil {
			return nil, errors.New(hide.from(err.Error()))
		}
	}
	s := &service{
		Service: inner, guard: g, host: serviceHost(scheme, u), running: make(chan struct{}, maxRunning),
		start: func() error { return inner.Initialize(u, nil) },
	}
	s.route = newRoute(scheme, s.host, g)
	// Matrix logs in when it is initialised. That is left to the first message, so
	// that the bot can start without a network.
	if scheme != "matrix" {
		if err := s.begin(); err != nil {
			return nil, errors.New(hide.from(err.Error())) // only the text: the error may quote the address
		}
		s.own = useGuard(inner, g)
	}
	return s, nil
}

func (s *service) begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.start == nil {
		return nil
	}
	if err := s.start(); err != nil {
		return err
	}
	s.start = nil
	return nil
}

// maxRunning is how many sends of one relay run at the same time. The library accepts
// no context, so a send whose time is up goes on until its request ends.
const maxRunning = 4

var errHanging = fmt.Errorf("%d earlier messages still wait for an answer", maxRunning)

// send gives up when ctx ends; the library's request may then go on. While the
// relay's limit is used up by such requests, send fails at once.
func (s *service) send(ctx context.Context, text string) error {
	if s.overdue.Load() >= maxRunning {
		return errHanging
	}
	if s.host != "" {
		if err := s.guard.resolve(ctx, s.host); err != nil {
			return err
		}
	}
	select {
	case s.running <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	done := make(chan error, 1)
	late := context.AfterFunc(ctx, func() { s.overdue.Add(1) })
	go func() {
		err := s.attempt(text)
		if !late() {
			s.overdue.Add(-1)
		}
		<-s.running
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// attempt sends text. The library's services are written by many people, and some of
// them panic when their server does not answer; that must not end the program. The
// error does not quote the panic, which may contain secrets.
func (s *service) attempt(text string) (err error) {
	defer underWay.add(s.route)()
	defer func() {
		if recover() == nil {
			return
		}
		err = fmt.Errorf("%s: its library panicked; its server may be unreachable", s.GetID())
		if failure := s.route.failure.Swap(nil); failure != nil {
			err = fmt.Errorf("%s: %w", s.GetID(), *failure)
		}
	}()
	if err := s.begin(); err != nil {
		return err
	}
	return s.Send(text, &types.Params{})
}

// close closes idle connections.
func (s *service) close() {
	s.route.transport.CloseIdleConnections()
	if s.own != nil {
		s.own.CloseIdleConnections()
	}
}
