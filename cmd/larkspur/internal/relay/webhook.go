package relay

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
)

// answerLimit is how much of an answer is read, so that the connection can be reused.
const answerLimit = 64 << 10

// A webhook posts JSON.
type webhook struct {
	client  *http.Client
	address *url.URL
	user    string // sent along if set
	channel string // sent along if set
}

func (w webhook) send(ctx context.Context, text string) error {
	body, err := json.Marshal(struct {
		Text    string `json:"text"`
		User    string `json:"username,omitzero"`
		Channel string `json:"channel,omitzero"`
	}{text, w.user, w.channel})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.address.String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	return deliver(w.client, request)
}

// deliver sends a request. Of the answer, only the status is used.
func deliver(client *http.Client, request *http.Request) error {
	answer, err := client.Do(request)
	if err != nil {
		return hideAddress(request, err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, answerLimit))
	return refused(request, answer)
}

// refused is the error of an answer that is not a success, or nil.
func refused(request *http.Request, answer *http.Response) error {
	if answer.StatusCode >= 200 && answer.StatusCode <= 299 {
		return nil
	}
	return fmt.Errorf("%s answered %d %s", request.URL.Host, answer.StatusCode, http.StatusText(answer.StatusCode))
}

// hideAddress returns a client's error without the address, which *url.Error quotes.
func hideAddress(request *http.Request, err error) error {
	if quoting, ok := errors.AsType[*url.Error](err); ok {
		err = quoting.Err
	}
	return fmt.Errorf("%s: %w", request.URL.Host, err)
}

// rocketChat returns the webhook behind rocketchat://name@host/token/token/channel.
// shoutrrr's own sender accepts neither a context nor an HTTP client, and requires TLS.
func rocketChat(u *url.URL, client *http.Client) (webhook, error) {
	path := strings.Split(strings.Trim(u.Path, "/"), "/")
	if u.Host == "" || len(path) < 2 || path[0] == "" || path[1] == "" {
		return webhook{}, errors.New("it lacks the host or the two tokens of the webhook")
	}
	w := webhook{client: client, user: u.User.Username()}
	w.address = (&url.URL{Scheme: "https", Host: u.Host}).JoinPath("hooks", path[0], path[1])
	plain, err := yes(u.Query(), "disabletls")
	if err != nil {
		return webhook{}, err
	}
	if plain {
		w.address.Scheme = "http"
	}
	if len(path) > 2 {
		w.channel = path[2]
	}
	if u.Fragment != "" {
		w.channel = u.Fragment
	}
	if w.channel != "" && !strings.HasPrefix(w.channel, "@") && !strings.HasPrefix(w.channel, "#") {
		w.channel = "#" + w.channel
	}
	return w, nil
}

// yes reports whether a parameter of an address is switched on.
func yes(query url.Values, name string) (bool, error) {
	switch strings.ToLower(query.Get(name)) {
	case "yes", "y", "true", "1":
		return true, nil
	case "", "no", "n", "false", "0":
		return false, nil
	}
	return false, fmt.Errorf("%s must be yes or no", name)
}
