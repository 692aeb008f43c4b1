package daemon

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/skill"
)

// A host carries out the actions of skills in one channel. It explains why a message was
// not sent.
type host struct {
	skill.Host
}

func newHost(tw *helix.Client, sender *chat.Sender, relays map[string]*relay.Relay, client *http.Client, who accounts) *host {
	return &host{skill.NewHost(skill.HostOptions{
		Client: tw, Sender: sender, HTTP: client,
		Broadcaster: chat.User{ID: who.broadcaster.ID, Login: who.broadcaster.Login},
		Bot:         chat.User{ID: who.bot.ID, Login: who.bot.Login},
		Send: func(ctx context.Context, connector, text string) error {
			r, ok := relays[connector]
			if !ok {
				return fmt.Errorf("there is no connector %q", connector)
			}
			return r.Send(ctx, text)
		},
	})}
}

// Do implements [skill.Host].
func (h *host) Do(ctx context.Context, e skill.Effect) (map[string]any, error) {
	out, err := h.Host.Do(ctx, e)
	return out, chatError(err)
}

func newRelays(configs []RelayConfig, client *http.Client) (map[string]*relay.Relay, error) {
	relays := map[string]*relay.Relay{}
	for _, c := range configs {
		r, err := relay.New(c.Name, string(c.URL), relay.Options{HTTPClient: client, AllowPrivate: c.AllowPrivate})
		if err != nil {
			return nil, err
		}
		relays[c.Name] = r
	}
	return relays, nil
}

func closeRelays(relays map[string]*relay.Relay) {
	for _, r := range relays {
		r.Close()
	}
}

// chatError explains why a message was not sent: it expired, or the bot is not in chat.
func chatError(err error) error {
	if errors.Is(err, chat.ErrExpired) {
		return fmt.Errorf("%w: %w", skill.ErrExpired, err)
	}
	if errors.Is(err, irc.ErrNotWanted) {
		return errors.New("the stream is offline and always-listening is false, so the bot is not in chat")
	}
	return err
}

// skillsClient returns the HTTP client for requests of skills.
func skillsClient(o Options) *http.Client {
	if o.RelayClient != nil {
		return o.RelayClient
	}
	return relay.NewClient(false)
}
