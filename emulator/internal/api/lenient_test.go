package api_test

import (
	"net/http"
	"testing"
)

func TestTextsOfAMessageMayStandInTheQuery(t *testing.T) {
	d := newDesk(t, 0)
	token := d.token(d.grace, "user:write:chat")
	const ids = "POST /chat/messages?broadcaster_id={ada}&sender_id={grace}"
	for _, row := range []struct {
		name, request string
		status        int
		said          string
	}{
		{"twurple", ids + ` {"message":"one"}`, 200, "one"},
		{"twitchAPI, without a body", ids + "&message=two", 200, "two"},
		{"no object at all", ids + "&message=three null", 200, "three"},
		{"a body that is no JSON", ids + "&message=no not JSON", 400, ""},
		{"one is missing in both", ids, 400, ""},
	} {
		if got := d.call(token, d.fill(row.request)); got.status != row.status {
			t.Errorf("%s: got %d %s, want %d", row.name, got.status, got.raw, row.status)
		}
		messages := d.world.Messages(d.ada.ID)
		if last := messages[len(messages)-1].Text; row.said != "" && last != row.said {
			t.Errorf("%s: got the message %q, want %q", row.name, last, row.said)
		}
	}
	// Nothing but Send Chat Message is so lenient.
	announce := d.fill("POST /chat/announcements?broadcaster_id={ada}&moderator_id={ada}&message=no")
	if got := d.call(d.token(d.ada, "moderator:manage:announcements"), announce); got.status != http.StatusBadRequest {
		t.Errorf("got %d %s, want 400", got.status, got.raw)
	}
}
