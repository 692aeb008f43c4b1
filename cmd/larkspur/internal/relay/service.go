package relay

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/nicholas-fedor/shoutrrr/pkg/types"
)

// A service is one of shoutrrr's.
type service struct {
	types.Service

	guard guard
	host  string // that the service connects to; empty: a fixed, public one

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
	s := &service{Service: inner, guard: g, host: serviceHost(scheme, u), start: func() error { return inner.Initialize(u, nil) }}
	// Matrix logs in when it is initialised. That is left to the first message, so
	// that the bot can start without a network.
	if scheme != "matrix" {
		if err := s.begin(); err != nil {
			return nil, errors.New(hide.from(err.Error())) // only the text: the error may quote the address
		}
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

// send gives up when ctx ends. The library accepts no context: its request then
// continues until the library's own time limit.
func (s *service) send(ctx context.Context, text string) error {
	if s.host != "" {
		if err := s.guard.resolve(ctx, s.host); err != nil {
			return err
		}
	}
	done := make(chan error, 1)
	go func() { done <- s.attempt(text) }()
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
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("%s: its library panicked; its server may be unreachable", s.GetID())
		}
	}()
	if err := s.begin(); err != nil {
		return err
	}
	return s.Send(text, &types.Params{})
}
