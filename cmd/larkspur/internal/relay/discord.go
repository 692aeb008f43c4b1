package relay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// discordLimit is how many characters one message of Discord may have.
const discordLimit = 2000

// discordHosts are the hosts in the addresses that Discord's clients copy to the
// clipboard.
var discordHosts = []string{
	"discord.com", "ptb.discord.com", "canary.discord.com",
	"discordapp.com", "ptb.discordapp.com", "canary.discordapp.com",
}

// discordPath is the path of a webhook: the number of the webhook, then its token.
// The version is optional, and /slack after the token takes what Slack does.
var discordPath = regexp.MustCompile(`^/api(?:/v\d+)?/webhooks/(\d+)/([\w-]+)(/slack)?/?$`)

// A discordWebhook posts to a webhook of Discord, as its own address has it:
// https://discord.com/api/webhooks/ID/TOKEN, with ?thread_id= for a thread. Mentions
// in a text do not notify people, because the text may come from a viewer.
//
// See https://docs.discord.com/developers/resources/webhook#execute-webhook.
type discordWebhook struct {
	client  *http.Client
	address string
	user    string // shown instead of the webhook's name if set
	avatar  string // address of the picture shown instead of the webhook's, if set
}

// isDiscord reports whether u is the address of a webhook of Discord's.
func isDiscord(u *url.URL) bool {
	return slices.Contains(discordHosts, strings.ToLower(u.Hostname())) && strings.HasPrefix(u.Path, "/api/")
}

func newDiscord(u *url.URL, client *http.Client) (sender, error) {
	parts := discordPath.FindStringSubmatch(u.Path)
	if parts == nil {
		return nil, errors.New("it lacks the number or the token of the webhook")
	}
	to := *u
	to.Scheme, to.User, to.Fragment = "https", nil, ""
	if parts[3] != "" {
		return webhook{client: client, address: &to}, nil
	}
	query := url.Values{}
	if thread := u.Query().Get("thread_id"); thread != "" {
		query.Set("thread_id", thread)
	}
	to.RawQuery = query.Encode()
	return discordWebhook{client: client, address: to.String()}, nil
}

// send posts text, in several messages if it is too long for one. If Discord's rate limit
// refuses a message, send waits as long as Discord says, unless ctx ends first.
func (d discordWebhook) send(ctx context.Context, text string) error {
	for part := range splitText(text, discordLimit) {
		for {
			wait, err := d.post(ctx, part)
			if err == nil {
				break
			}
			if wait == 0 {
				return err
			}
			if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
				return err
			}
			if err := retry.Sleep(ctx, wait); err != nil {
				return err
			}
		}
	}
	return nil
}

// post sends one message. If the rate limit refuses it, wait is the time to wait.
func (d discordWebhook) post(ctx context.Context, text string) (wait time.Duration, err error) {
	type mentions struct {
		Parse []string `json:"parse"` // none; absent would mean all
	}
	body, err := json.Marshal(struct {
		Content string   `json:"content"`
		Allowed mentions `json:"allowed_mentions"`
		User    string   `json:"username,omitzero"`
		Avatar  string   `json:"avatar_url,omitzero"`
	}{text, mentions{Parse: []string{}}, d.user, d.avatar})
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.address, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := d.client.Do(request)
	if err != nil {
		return 0, hideAddress(request, err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, answerLimit))
	if answer.StatusCode == http.StatusTooManyRequests {
		seconds, _ := strconv.ParseFloat(answer.Header.Get("Retry-After"), 64)
		wait = max(time.Duration(seconds*float64(time.Second)), time.Second)
	}
	return wait, refused(request, answer)
}

// splitText yields text in parts of at most limit characters, cut at a space or the end
// of a line if possible.
func splitText(text string, limit int) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		rest := []rune(text)
		for len(rest) > limit {
			cut := limit
			for i := limit; i > limit/2; i-- {
				if rest[i] == ' ' || rest[i] == '\n' {
					cut = i
					break
				}
			}
			if !yield(strings.TrimSpace(string(rest[:cut]))) {
				return
			}
			rest = []rune(strings.TrimSpace(string(rest[cut:])))
		}
		yield(string(rest))
	}
}
