package relay

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"unicode"
)

// A generic sender posts to a webhook of any kind; the address says how. shoutrrr's
// own generic service does the same, but links text/template, which costs the program
// a megabyte (docs/decisions/0008).
type generic struct {
	client  *http.Client
	address string
	method  string
	header  http.Header
	json    bool
	key     string            // of the text in JSON
	extra   map[string]string // further fields of the JSON
}

// parameters are the query parameters that configure the sender. All others belong
// to the webhook. To send the webhook one of these names, put two underscores before it.
var parameters = []string{"contenttype", "disabletls", "messagekey", "method", "template", "title", "titlekey"}

func newGeneric(u *url.URL, client *http.Client) (*generic, error) {
	if u.Host == "" {
		return nil, errors.New("it has no host")
	}
	query := u.Query()
	plain, err := yes(query, "disabletls")
	if err != nil {
		return nil, err
	}
	to := *u
	switch _, inner, _ := strings.Cut(strings.ToLower(u.Scheme), "+"); inner {
	case "":
		to.Scheme = "https"
		if plain {
			to.Scheme = "http"
		}
	case "http", "https":
		to.Scheme = inner
	default:
		return nil, errors.New("generic+ must be followed by http or https")
	}
	g := &generic{client: client, method: http.MethodPost, header: http.Header{}, key: "message", extra: map[string]string{}}
	content := "text/plain"
	switch query.Get("template") {
	case "":
	case "json", "JSON":
		g.json = true
		content = "application/json"
		if own := query.Get("contenttype"); own != "" {
			content = own
		}
	default:
		return nil, errors.New("its template is unknown; the only one is json")
	}
	g.header.Set("Content-Type", content)
	g.header.Set("Accept", content)
	if key := query.Get("messagekey"); key != "" {
		g.key = key
	}
	if method := query.Get("method"); method != "" {
		g.method = method
	}
	to.RawQuery = g.take(query).Encode()
	g.address = to.String()
	// Report a bad method now instead of at the first message.
	if _, err := g.request(context.Background(), ""); err != nil {
		return nil, errors.New("its method is not an HTTP method")
	}
	return g, nil
}

// take stores the headers (@Name=value) and the JSON fields ($name=value) of query,
// and returns the parameters that are left for the webhook.
func (g *generic) take(query url.Values) url.Values {
	left := url.Values{}
	for name, values := range query {
		switch {
		case len(name) > 1 && name[0] == '@':
			g.header.Set(headerName(name[1:]), values[0])
		case len(name) > 1 && name[0] == '$':
			g.extra[name[1:]] = values[0]
		default:
			left[name] = values
		}
	}
	for _, name := range parameters {
		delete(left, name)
		if values, ok := left["__"+name]; ok {
			delete(left, "__"+name)
			left[name] = values
		}
	}
	return left
}

// headerName turns ContentType into Content-Type.
func headerName(name string) string {
	var dashed strings.Builder
	last := '-'
	for _, r := range name {
		if unicode.IsUpper(r) && last != '-' {
			dashed.WriteByte('-')
		}
		dashed.WriteRune(r)
		last = r
	}
	return dashed.String()
}

func (g *generic) request(ctx context.Context, text string) (*http.Request, error) {
	body := text
	if g.json {
		fields := map[string]string{g.key: text}
		maps.Copy(fields, g.extra)
		encoded, err := json.Marshal(fields)
		if err != nil {
			return nil, err
		}
		body = string(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, g.method, g.address, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header = g.header.Clone()
	return request, nil
}

func (g *generic) send(ctx context.Context, text string) error {
	request, err := g.request(ctx, text)
	if err != nil {
		return err
	}
	return deliver(g.client, request)
}
