package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A Device is a login that the user finishes in a browser on any device: the user opens
// VerificationURI and confirms UserCode there.
type Device struct {
	UserCode        string
	VerificationURI string
	ExpiresAt       time.Time
	Interval        time.Duration // between two polls

	code   *Secret // a pointer, because fmt prints unexported fields without asking them
	scopes ScopeSet
}

// Defaults for values that are missing in Twitch's response.
const (
	defaultInterval = 5 * time.Second
	defaultDevice   = 30 * time.Minute
)

// StartDevice begins a device login, the only one of a public client.
func (c *Client) StartDevice(ctx context.Context, scopes ScopeSet) (*Device, error) {
	scopes = scopes.Modern()
	form := deviceForm(c, scopes)
	form.Del("client_secret") // the endpoint does not need it
	body, err := c.post(ctx, opStart, "/device", form)
	if err != nil {
		return nil, err
	}
	d, err := parseDevice(body, time.Now())
	if err != nil {
		return nil, fmt.Errorf("oauth: %s: %w", opStart, err)
	}
	d.scopes = scopes
	return d, nil
}

// deviceForm holds the scopes twice: Twitch documents "scopes", RFC 8628 has "scope".
func deviceForm(c *Client, scopes ScopeSet) url.Values {
	return c.form("scopes", scopes.String(), "scope", scopes.String())
}

var errNoDeviceCode = errors.New("the answer holds no device code")

func parseDevice(body []byte, now time.Time) (*Device, error) {
	var answer struct {
		DeviceCode      string  `json:"device_code"`
		UserCode        string  `json:"user_code"`
		VerificationURI string  `json:"verification_uri"`
		ExpiresIn       seconds `json:"expires_in"`
		Interval        seconds `json:"interval"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, jsonError(err)
	}
	page, err := url.Parse(answer.VerificationURI)
	if answer.DeviceCode == "" || err != nil || page.Scheme != "https" && page.Scheme != "http" {
		return nil, errNoDeviceCode
	}
	code := Secret(answer.DeviceCode)
	d := &Device{
		UserCode: tidy(answer.UserCode), VerificationURI: page.String(),
		ExpiresAt: answer.ExpiresIn.at(now), Interval: time.Duration(answer.Interval),
		code: &code,
	}
	if d.ExpiresAt.IsZero() {
		d.ExpiresAt = now.Add(defaultDevice)
	}
	if d.Interval < time.Second {
		d.Interval = defaultInterval
	}
	return d, nil
}

// PollDevice checks once whether the user has finished. [ErrPending] means not yet,
// [ErrSlowDown] not yet and poll less often, [ErrDeviceExpired] start again.
func (c *Client) PollDevice(ctx context.Context, d *Device) (Token, error) {
	if d.code == nil {
		return Token{}, fmt.Errorf("oauth: %s: %w", opDevice, errNoDeviceCode)
	}
	form := deviceForm(c, d.scopes)
	form.Set("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
	form.Set("device_code", string(*d.code))
	return c.token(ctx, opDevice, form)
}

// WaitDevice polls until the user has finished, ctx ends or the login expires, which is
// [ErrDeviceExpired]. A network error is retried at the next poll.
func (c *Client) WaitDevice(ctx context.Context, d *Device) (Token, error) {
	interval := d.Interval
	for {
		if err := retry.Sleep(ctx, interval); err != nil {
			return Token{}, fmt.Errorf("oauth: %s: %w", opDevice, err)
		}
		if !time.Now().Before(d.ExpiresAt) {
			return Token{}, fmt.Errorf("oauth: %s: not finished in time: %w", opDevice, ErrDeviceExpired)
		}
		t, err := c.PollDevice(ctx, d)
		switch {
		case err == nil:
			return t, nil
		case errors.Is(err, ErrSlowDown):
			interval += 5 * time.Second // what RFC 8628 asks for
		case errors.Is(err, ErrPending) || temporary(err):
		default:
			return Token{}, err
		}
	}
}

// temporary reports whether a retry may succeed, as after a network error.
func temporary(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Temporary()
	}
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, io.ErrUnexpectedEOF)
}
