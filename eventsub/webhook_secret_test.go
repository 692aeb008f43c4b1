package eventsub_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/internal/quiet"
)

func TestSecretsAreNotPrinted(t *testing.T) {
	secret := eventsub.NewSecret()
	if len(secret) != 64+len(quiet.Mark) || secret == eventsub.NewSecret() {
		t.Fatalf("got a secret of %d characters, or twice the same; want 64 random ones", len(secret))
	}
	holder := struct {
		ID     string
		Secret eventsub.Secret
		All    []eventsub.Secret
	}{"a", secret, []eventsub.Secret{secret}}
	var logged strings.Builder
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("key", "key", holder, "secret", secret)
	marshalled, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{logged.String(), string(marshalled), fmt.Sprint(secret), fmt.Errorf("bad: %w %v", errDisk, secret).Error()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		texts = append(texts, fmt.Sprintf(verb, secret), fmt.Sprintf(verb, holder), fmt.Sprintf(verb, &holder))
	}
	for _, text := range texts {
		if strings.Contains(text, string(secret)) || strings.Contains(text, fmt.Sprintf("%x", string(secret))) || !strings.Contains(text, "edacted") && !strings.Contains(text, "72656461637465") {
			t.Errorf("got %s, want it redacted", text)
		}
	}
	var back eventsub.Secret
	if err := back.UnmarshalText([]byte("[redacted]")); err == nil {
		t.Error("a redacted secret was taken for a secret")
	}
	if err := back.UnmarshalText([]byte(secret)); err != nil || back != secret {
		t.Errorf("got %v, want the secret", err)
	}
}

// Nothing of a request is logged before its signature was verified.
func TestWebhookLogsNothingOfForgedRequests(t *testing.T) {
	const mark = "MARK-OF-A-STRANGER"
	var logged strings.Builder
	r := newReceiver(new(keptEvents), eventsub.ReceiverOptions{Logger: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	forge := []func(p *post){
		func(p *post) { p.method = mark },
		func(p *post) { p.path = "/" + mark },
		func(p *post) { p.header.Set("Twitch-Eventsub-Message-Signature", mark) },
		func(p *post) { p.header.Add("Twitch-Eventsub-Message-Id", mark) },
		func(p *post) { p.body = append(p.body, mark...) },
		func(p *post) { p.body = append(p.body, make([]byte, 1<<20)...) },
	}
	for _, edit := range forge {
		for range 100 {
			p := newPost(mark, time.Now())
			edit(&p)
			if w := p.to(r); strings.Contains(w.Body.String()+fmt.Sprint(w.Header()), mark) {
				t.Errorf("the response has a part of the request: %v %s", w.Header(), w.Body)
			}
		}
	}
	if strings.Contains(logged.String(), mark) {
		t.Errorf("the log has a part of a forged request:\n%s", logged.String())
	}
	if lines := strings.Count(logged.String(), "\n"); lines == 0 || lines > len(forge) {
		t.Errorf("got %d lines of log for %d requests, want one for each reason", lines, 100*len(forge))
	}
}
