package irc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
)

// DefaultValidateURL is where Twitch tells which account a token belongs to.
const DefaultValidateURL = "https://id.twitch.tv/oauth2/validate"

// names finds out which login belongs to a token. All connections of a client share them, so
// that Twitch is asked once for each token.
type names struct {
	o    *Options
	turn chan struct{} // full while a request is under way

	mu    sync.Mutex
	token string // guarded by mu; the latest that was asked about
	login string // guarded by mu
}

// of returns the login to log in with. It waits for at most dialTimeout.
func (n *names) of(ctx context.Context, token string) (string, error) {
	switch {
	case token == "":
		return fmt.Sprintf("justinfan%d", 10000+rand.IntN(80000)), nil // anonymous; Twitch accepts any number
	case n.o.Login != "":
		return n.o.Login, nil
	}
	if login, ok := n.known(token); ok {
		return login, nil
	}
	select {
	case n.turn <- struct{}{}:
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	defer func() { <-n.turn }()
	if login, ok := n.known(token); ok { // another connection asked
		return login, nil
	}
	login, err := n.ask(ctx, token)
	if err != nil {
		return "", err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.token, n.login = token, login
	return login, nil
}

func (n *names) known(token string) (login string, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.login, n.token == token && n.login != ""
}

// ask asks Twitch.
func (n *names) ask(ctx context.Context, token string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, n.o.ValidateURL, http.NoBody)
	if err != nil {
		return "", fmt.Errorf("account of the token: %w", withoutAddress(err))
	}
	req.Header.Set("Authorization", "OAuth "+token)
	client, done := n.o.httpClient()
	defer done()
	resp, err := client.Do(req)
	if err != nil {
		return "", fmt.Errorf("account of the token: %w", withoutAddress(err))
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusUnauthorized:
		return "", &refusal{text: "invalid access token", sure: true}
	default:
		return "", fmt.Errorf("account of the token: twitch answered %d", resp.StatusCode)
	}
	var account struct {
		Login string `json:"login"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 64<<10)).Decode(&account); err != nil {
		return "", fmt.Errorf("account of the token: %w", err)
	}
	login, ok := cleanLogin(account.Login)
	if !ok {
		return "", &refusal{text: "it is not the token of a user", sure: true}
	}
	return login, nil
}

// withoutAddress removes the address, which may contain a secret, from an error of net/http.
func withoutAddress(err error) error {
	if quoting, ok := errors.AsType[*url.Error](err); ok {
		return quoting.Err
	}
	return err
}

// httpClient returns a client that follows no redirects, since a token must not go anywhere
// else. done frees its connections.
func (o *Options) httpClient() (client *http.Client, done func()) {
	done = func() {}
	client = o.HTTPClient
	if client == nil {
		t := &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: o.Dial, TLSClientConfig: o.tlsConfig()}
		client, done = &http.Client{Transport: t}, t.CloseIdleConnections
	}
	direct := *client
	direct.CheckRedirect = noRedirect
	return &direct, done
}
