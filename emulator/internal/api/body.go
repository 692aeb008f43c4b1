package api

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxBody is more than any endpoint needs.
const maxBody = 1 << 20

// readBody reads the fields of the request's body. What cannot be read is refused where
// the endpoint has fields in its body, and ignored elsewhere, as Twitch does.
func (c *call) readBody(r *http.Request) error {
	needed := len(c.endpoint.Body) > 0
	if r.Body == http.NoBody || (!needed && c.strict) {
		return nil
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(raw) > maxBody {
		return bad("The request's body could not be read.")
	}
	text := strings.TrimSpace(string(raw))
	if text == "" {
		return nil // checkParams reports every missing field
	}
	if !c.strict && isForm(r, text) {
		c.form, err = url.ParseQuery(text)
	} else {
		err = json.Unmarshal(raw, &c.body)
	}
	if err != nil && needed {
		return bad("Error parsing the body: it must be a JSON object.")
	}
	return nil
}

// isForm reports whether a body is a form. curl's -d labels JSON as a form, too.
func isForm(r *http.Request, body string) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") && !strings.HasPrefix(body, "{")
}

// unwrap steps into the object that holds all fields, where the endpoint has one.
func (c *call) unwrap() error {
	if c.endpoint.Wrap == "" || c.body == nil {
		return nil
	}
	inner, ok := c.body[c.endpoint.Wrap].(obj)
	if ok {
		c.around, c.body = c.body, inner
		return nil
	}
	if c.strict || c.body[c.endpoint.Wrap] != nil {
		return missing(c.endpoint.Wrap)
	}
	return nil // the fields may stand without it, see leniencies
}

// decode reads the fields of the body into a struct.
func (c *call) decode(into any) error {
	raw, err := json.Marshal(c.body)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}
