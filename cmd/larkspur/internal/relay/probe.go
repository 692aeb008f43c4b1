package relay

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
)

// Probe tests as much of the relay as it can without sending a message, and returns
// what it has tested, in words: that Discord knows the webhook, or that the server
// accepts connections, or that its name resolves.
func (r *Relay) Probe(ctx context.Context) (tested string, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if _, own := r.to.(discordWebhook); !own {
		if err := r.Check(ctx); err != nil {
			return "", err
		}
	}
	tested = "its address is well-formed; the service was not asked"
	switch to := r.to.(type) {
	case discordWebhook:
		tested, err = "Discord knows the webhook", to.probe(ctx)
	case webhook:
		tested, err = r.connect(ctx, to.address)
	case *generic:
		var u *url.URL
		if u, err = url.Parse(to.address); err == nil {
			tested, err = r.connect(ctx, u)
		}
	case *mailer:
		tested, err = r.connect(ctx, &url.URL{Scheme: "smtp", Host: net.JoinHostPort(to.host, to.port)})
	}
	if err != nil {
		return "", fmt.Errorf("relay %s: %s", r.name, r.hide.from(err.Error())) // only the text: wrapped errors may contain the address
	}
	return tested, nil
}

// connect opens a connection to the server of an address, encrypted for https, and
// closes it.
func (r *Relay) connect(ctx context.Context, u *url.URL) (tested string, err error) {
	if proxied(u.Hostname()) {
		return "its requests go through the proxy, so its server was not asked", nil
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	dialer := &net.Dialer{Control: r.guard.control}
	dial := dialer.DialContext
	if u.Scheme == "https" {
		dial = (&tls.Dialer{NetDialer: dialer}).DialContext
	}
	conn, err := dial(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return "", err
	}
	return u.Hostname() + " accepts connections; no message was sent", conn.Close()
}

// probe asks Discord for the webhook, which sends nothing.
//
// See https://docs.discord.com/developers/resources/webhook#get-webhook-with-token.
func (d discordWebhook) probe(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.address, http.NoBody)
	if err != nil {
		return err
	}
	answer, err := d.client.Do(request)
	if err != nil {
		return hideAddress(request, err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, answerLimit))
	switch answer.StatusCode {
	case http.StatusNotFound, http.StatusUnauthorized:
		return errors.New("Discord does not know the webhook: it was deleted, or the address is incomplete") //nolint:staticcheck // Discord is a name
	}
	return refused(request, answer)
}
