package emulator_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
)

// Webhooks used to be called anywhere, also at addresses of a private network.
func TestWebhookOnAnotherMachineIsNotCalled(t *testing.T) {
	logged := new(strings.Builder)
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.Logger(slog.New(slog.NewTextHandler(logged, nil))))
	if status, answer := helix(t, tw, tw.AppToken(), "POST", "/eventsub/subscriptions", hookBody(tw, "http://192.0.2.1:8080/hook")); status != http.StatusAccepted {
		t.Fatalf("got %d %s, want 202", status, answer)
	}
	tw.Want(t, "a failed verification", func() bool {
		_, answer := helix(t, tw, tw.AppToken(), "GET", "/eventsub/subscriptions", "")
		return strings.Contains(answer, `"status":"webhook_callback_verification_failed"`)
	})
	tw.Close() // nothing is logged from here on
	if !strings.Contains(logged.String(), "--remote-webhooks") {
		t.Errorf("got the log %s, want the flag that allows it", logged)
	}
}
