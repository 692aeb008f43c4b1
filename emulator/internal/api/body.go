package api

import (
	"encoding/json"
	"io"
	"strings"
)

// maxBody is more than any endpoint needs.
const maxBody = 1 << 20

// readBody reads the fields of the request's body, if the endpoint has any.
func (c *call) readBody(body io.Reader) error {
	if len(c.endpoint.Body) == 0 {
		return nil
	}
	raw, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err != nil || len(raw) > maxBody {
		return bad("The request's body could not be read.")
	}
	c.raw = raw
	if len(strings.TrimSpace(string(raw))) == 0 {
		return nil // every missing field is told by checkParams
	}
	if err := json.Unmarshal(raw, &c.body); err != nil {
		return bad("Error parsing the body: it must be a JSON object.")
	}
	if c.endpoint.Wrap == "" {
		return nil
	}
	inner, ok := c.body[c.endpoint.Wrap].(obj)
	if !ok {
		return missing(c.endpoint.Wrap)
	}
	c.body = inner
	return nil
}
