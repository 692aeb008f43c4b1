package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// defaultListen is where `larkspur events --webhook` waits for requests.
const defaultListen = "127.0.0.1:4343"

// checkWebhook returns an error for an address that Twitch would not call. Addresses of
// this machine are for the emulator.
func checkWebhook(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || u.Scheme != "https" && !isLocal(u.Hostname()) {
		return fmt.Errorf("--webhook %q: want an https address, such as https://bot.example.org/eventsub", printable(address))
	}
	return nil
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// A webhookSource is a webhook with the server that receives its requests.
type webhookSource struct {
	*eventsub.Webhook

	listener net.Listener
}

// openWebhook returns a webhook whose subscriptions are deleted at the end. Their
// addresses are below one that no other program uses, because a webhook deletes what it
// finds below its address and does not know.
func (w *follower) openWebhook() (eventSource, func(context.Context) error, error) {
	listener, err := net.Listen("tcp", w.f.listen) //nolint:noctx // it does not wait
	if err != nil {
		return nil, nil, fmt.Errorf("--listen: %w; to use another address, add:\n  --listen 127.0.0.1:PORT", err)
	}
	base := strings.TrimSuffix(w.f.webhook, "/") + "/larkspur-events-" + strings.ToLower(rand.Text()[:10])
	hook := eventsub.NewWebhook(w.s.tw, w.mux, eventsub.WebhookOptions{
		Callback: base, OnRevoked: w.revoked, OnState: func(s eventsub.State) { w.state(s.Phase, s.String(), s.Err) },
	})
	w.note(fmt.Sprintf("waiting for Twitch's requests at %s; those to addresses below %s must arrive there", listener.Addr(), w.f.webhook))
	return &webhookSource{hook, listener}, func(ctx context.Context) error { return w.deleteBelow(ctx, base+"/") }, nil
}

// Run serves requests and keeps the subscriptions until ctx ends.
func (s *webhookSource) Run(ctx context.Context) error {
	server := &http.Server{Handler: s.Webhook, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	served := make(chan error, 1)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		err := server.Serve(s.listener)
		cancel(err)
		served <- err
	}()
	err := s.Webhook.Run(ctx)
	_ = server.Close() // its listener too; Twitch repeats what was not acknowledged in vain
	if serveErr := <-served; !errors.Is(serveErr, http.ErrServerClosed) {
		err = errors.Join(err, serveErr)
	}
	return err
}

// deleteBelow deletes the subscriptions whose callbacks begin with a text.
func (w *follower) deleteBelow(ctx context.Context, prefix string) error {
	var errs []error
	for sub, err := range w.s.tw.EventSub.AllSubscriptions(ctx, helix.GetEventSubSubscriptionsParams{}) {
		if err != nil {
			errs = append(errs, err)
			break
		}
		if !strings.HasPrefix(sub.Transport.Callback, prefix) {
			continue
		}
		err := w.s.tw.EventSub.DeleteSubscription(ctx, helix.DeleteEventSubSubscriptionParams{ID: sub.ID})
		if err != nil && !errors.Is(err, helix.ErrNotFound) {
			errs = append(errs, err)
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return fmt.Errorf("not all subscriptions were deleted: %w; to see them, run:\n  %s", errs[0], w.f.app.command("larkspur subscriptions list"))
}
