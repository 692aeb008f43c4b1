package relay

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/mattermost"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/incident/pagerduty"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/push/gotify"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/push/ntfy"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"
)

// useGuard guards the services that have an HTTP client of their own, and returns that
// client. All others use [http.DefaultTransport]; see [GuardTransport].
func useGuard(s types.Service, g guard) (client *http.Client) {
	switch s := s.(type) {
	case *mattermost.Service:
		client = s.GetHTTPClient()
	case *gotify.Service:
		client = s.GetHTTPClient()
	case *ntfy.Service: // does not show its client, so it gets one with the same settings
		client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{
			InsecureSkipVerify: s.Config.DisableTLSVerification, //nolint:gosec // the operator's choice
			MinVersion:         tls.VersionTLS12,
		}}}
		s.SetHTTPClient(client)
	case *pagerduty.Service:
		client = newClient(g)
		s.SetHTTPClient(client)
	default:
		return nil
	}
	restrict(client, g)
	return client
}

// restrict makes a client check every address it dials, also after a redirect, and
// limits its time.
func restrict(client *http.Client, g guard) {
	client.Timeout = timeout
	if t, ok := client.Transport.(*http.Transport); ok {
		t.DialContext = (&net.Dialer{Timeout: timeout, KeepAlive: 30 * time.Second, Control: g.control}).DialContext
		t.IdleConnTimeout = 30 * time.Second
	}
}

// limit makes send, which returns the answer to r, give up after the time that one
// message may take. The time includes reading the answer.
func limit(r *http.Request, send func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	ctx, cancel := context.WithTimeoutCause(r.Context(), timeout, errNoAnswer)
	answer, err := send(r.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	answer.Body = &limitedBody{answer.Body, cancel}
	return answer, nil
}

// A limitedBody is the body of an answer whose time is limited.
type limitedBody struct {
	io.ReadCloser

	cancel context.CancelFunc
}

// Close implements [io.Closer].
func (b *limitedBody) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}
