package action

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Limits of the action http.
const (
	httpTimeout = 10 * time.Second
	maxAnswer   = 64 << 10 // bytes of an answer that are read
)

var errNoHTTP = errors.New("the host makes no HTTP requests")

var httpRequest = Action{
	Name: "http", Class: ClassHTTP, Short: "url",
	About:   "Makes an HTTP request. Addresses of this machine and its local network are refused. What expressions give to the url is escaped.",
	Example: "{url: 'https://api.example/weather?city={args}'}",
	Fields: []Field{
		{Name: "url", Kind: KindURL, Required: true, About: "the address: http or https"},
		{Name: "method", Kind: KindEnum, Values: []string{"get", "post", "put", "patch", "delete"}, About: "the method; post if there is a body, otherwise get"},
		{Name: "json", Kind: KindAny, About: "the body, as JSON"},
		{Name: "text", Kind: KindText, About: "the body, as text"},
		{Name: "headers", Kind: KindAny, About: "a mapping of headers, such as {Authorization: 'Bearer ${TOKEN}'}"},
	},
	Result: "http",
	Outcome: []Attr{
		{"status", KindInt, "the status, such as 200"},
		{"text", KindText, "the answer, at most 64 KiB of it"},
		{"json", KindAny, "the answer's value; None if it is no JSON"},
	},
	Detail: func(e Effect) string { // without the path and the query, which may have secrets
		u, err := url.Parse(e.Text("url"))
		if err != nil {
			return ""
		}
		return u.Scheme + "://" + u.Host
	},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		if t.HTTP == nil {
			return nil, errNoHTTP
		}
		ctx, cancel := context.WithTimeout(ctx, httpTimeout)
		defer cancel()
		r, err := newRequest(ctx, e)
		if err != nil {
			return nil, err
		}
		resp, err := t.HTTP.Do(r)
		if err != nil {
			if wrapped, ok := errors.AsType[*url.Error](err); ok { // its text has the whole address
				err = wrapped.Err
			}
			return nil, fmt.Errorf("%s: %w", r.URL.Host, err)
		}
		defer func() { _ = resp.Body.Close() }()
		return answerOf(resp)
	},
}

// newRequest returns the request of an effect.
func newRequest(ctx context.Context, e Effect) (*http.Request, error) {
	u, err := url.Parse(e.Text("url"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("the url is not an address that begins with http:// or https://")
	}
	var body io.Reader
	method, kind := http.MethodGet, ""
	switch {
	case e.Has("json"):
		raw, err := json.Marshal(e.Args["json"])
		if err != nil {
			return nil, fmt.Errorf("json: %w", err)
		}
		body, method, kind = bytes.NewReader(raw), http.MethodPost, "application/json"
	case e.Has("text"):
		body, method, kind = strings.NewReader(e.Text("text")), http.MethodPost, "text/plain; charset=utf-8"
	}
	if m := e.Text("method"); m != "" {
		method = strings.ToUpper(m)
	}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, errors.New("the url cannot be requested")
	}
	r.Header.Set("User-Agent", "larkspur")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	headers, _ := e.Args["headers"].(map[string]any)
	for name, value := range headers {
		text := fmt.Sprint(value)
		if strings.ContainsAny(name+text, "\r\n\x00") {
			return nil, fmt.Errorf("the header %q has a line end", name)
		}
		r.Header.Set(name, text)
	}
	return r, nil
}

// answerOf reads an answer.
func answerOf(resp *http.Response) (map[string]any, error) {
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("the answer cannot be read: %w", err)
	}
	out := map[string]any{"status": resp.StatusCode, "text": strings.ToValidUTF8(string(raw), "\uFFFD"), "json": nil}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var value any
	if d.Decode(&value) == nil {
		out["json"] = value
	}
	return out, nil
}
