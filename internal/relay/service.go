package relay

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"
)

// A service is one of shoutrrr's.
type service struct {
	types.Service

	mu    sync.Mutex
	start func() error // guarded by mu; nil once it was called with success
}

func newService(u *url.URL, scheme string, hide secrets) (*service, error) {
	services := &router.ServiceRouter{}
	known := services.ListServices()
	if !slices.Contains(known, scheme) {
		return nil, errors.New(unknown(scheme, known))
	}
	inner, err := services.NewService(scheme)
	if err != nil {
		return nil, err
	}
	if strings.Contains(u.Scheme, "+") { // a webhook's own URL: generic+https://…
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

// unknown says that there is no such service, and which one may be meant.
func unknown(scheme string, known []string) string {
	slices.Sort(known)
	best, least := "", 3 // more than two slips are another word
	for _, name := range known {
		if d := distance(scheme, name); d < least {
			best, least = name, d
		}
	}
	if best != "" {
		return fmt.Sprintf("unknown service %q; did you mean %q?", scheme, best)
	}
	return fmt.Sprintf("unknown service %q; known are http, https, %s", scheme, strings.Join(known, ", "))
}

// distance is how many letters have to be added, taken away or changed to make b
// of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
