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

	mu    sync.Mutex
	start func() error // guarded by mu; nil once it was called with success
}

func newService(u *url.URL, scheme string, hide secrets) (*service, error) {
	create, ok := services[scheme]
	if !ok {
		return nil, errors.New(unknown(scheme))
	}
	inner := create()
	var err error
	if strings.Contains(u.Scheme, "+") { // a webhook's own URL: teams+https://…
		custom, ok := inner.(types.CustomURLService)
		if !ok {
			return nil, fmt.Errorf("%s takes no URL of another kind after a +", scheme)
		}
		if u, err = custom.GetConfigURLFromCustom(u); err != nil {
			return nil, errors.New(hide.from(err.Error()))
		}
	}
	s := &service{Service: inner, start: func() error { return inner.Initialize(u, nil) }}
	// Matrix logs in when it is initialised: that waits for the first message, so
	// that a house without network can start.
	if scheme != "matrix" {
		if err := s.begin(); err != nil {
			return nil, errors.New(hide.from(err.Error())) // the text only: it may quote the address
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

// send gives up when ctx ends. The library takes no context: its request then
// goes on until the library's own time limit.
func (s *service) send(ctx context.Context, text string) error {
	done := make(chan error, 1)
	go func() {
		if err := s.begin(); err != nil {
			done <- err
			return
		}
		done <- s.Send(text, &types.Params{})
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
