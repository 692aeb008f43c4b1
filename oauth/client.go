package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultBaseURL is the address of Twitch's OAuth endpoints.
const DefaultBaseURL = "https://id.twitch.tv/oauth2"

// The operations, as they are named in errors.
const (
	opExchange = "exchange code"
	opApp      = "app token"
	opRefresh  = "refresh"
	opValidate = "validate"
	opRevoke   = "revoke"
	opStart    = "start device login"
	opDevice   = "device login"
	opRedirect = "login"
	opIDToken  = "verify ID token"
	opKeys     = "fetch keys"
)

// maxBody is the longest response that is read; Twitch's are a few hundred bytes.
const maxBody = 1 << 20

// A Client calls Twitch's OAuth endpoints. It stores no tokens; a [Manager] does. The zero
// value is usable for [Client.Validate].
type Client struct {
	ClientID     string
	ClientSecret Secret       // empty: a public client, which has only the device flow
	HTTPClient   *http.Client // default: a client with a 15 s timeout
	BaseURL      string       // default: DefaultBaseURL
}

func (c *Client) baseURL() string {
	if c.BaseURL == "" {
		return DefaultBaseURL
	}
	return strings.TrimSuffix(c.BaseURL, "/")
}

// httpClient returns a client that follows no redirects, because a 307 would send our
// secrets to the address that it names.
func (c *Client) httpClient() *http.Client {
	own := http.Client{Timeout: 15 * time.Second}
	if c.HTTPClient != nil {
		own = *c.HTTPClient
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// form returns a request body with the client's credentials and the given pairs.
func (c *Client) form(pairs ...string) url.Values {
	form := url.Values{"client_id": {c.ClientID}}
	if c.ClientSecret != "" {
		form.Set("client_secret", string(c.ClientSecret))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// post sends form to path. Parameters go in the body: in the query Twitch ignores
// some of them, and URLs end up in logs.
func (c *Client) post(ctx context.Context, op, path string, form url.Values) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.baseURL()+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("oauth: %s: %w", op, err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var secrets []Secret
	for _, name := range []string{"client_secret", "code", "refresh_token", "device_code", "token"} {
		secrets = append(secrets, Secret(form.Get(name)))
	}
	return c.do(req, op, secrets)
}

// do sends req and returns the body of a good answer, or an [*Error].
func (c *Client) do(req *http.Request, op string, secrets []Secret) ([]byte, error) {
	req.Header.Set("Accept", "application/json")
	res, err := c.httpClient().Do(req)
	if err != nil {
		return nil, fmt.Errorf("oauth: %s: %w", op, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("oauth: %s: reading the answer: %w", op, err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, parseError(op, res.StatusCode, body, secrets)
	}
	if len(body) > maxBody {
		return nil, fmt.Errorf("oauth: %s: %w", op, errTooLong)
	}
	return body, nil
}

var errTooLong = errors.New("the answer is longer than a megabyte")
