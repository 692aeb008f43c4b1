package relay_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
)

// shoutrrr's form of the address is sent like Discord's own.
func TestDiscordServiceAddressDoesNotMentionEveryone(t *testing.T) {
	const rest = `"allowed_mentions":{"parse":[]}`
	for _, tt := range []struct{ address, want string }{
		{"discord://t0k-en_A@1234567890", `POST https://discord.com/api/webhooks/1234567890/t0k-en_A application/json {"content":"hi @everyone",` + rest + `}`},
		{
			"discord://t0ken@12?thread_id=7&username=Ada&avatar=https%3A%2F%2Fa.example%2Fb.png&color=0xff&splitLines=yes",
			`POST https://discord.com/api/webhooks/12/t0ken?thread_id=7 application/json {"content":"hi @everyone",` + rest +
				`,"username":"Ada","avatar_url":"https://a.example/b.png"}`,
		},
	} {
		d := &discordServer{}
		if err := send(t, tt.address, "hi @everyone", relay.Options{HTTPClient: &http.Client{Transport: d}}); err != nil {
			t.Errorf("%s: got %v, want none", tt.address, err)
		}
		if diff := cmp.Diff([]string{tt.want}, d.posts); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.address, diff)
		}
	}
	for _, address := range []string{"discord://t0ken@", "discord://12", "discord://t0ken@12/raw", "discord://t0ken@12?json=yes", "discord://t0ken@12?x=y", "discord://a%2Fb@12"} {
		if _, err := relay.New("team", address, relay.Options{}); err == nil {
			t.Errorf("%s: got no error", address)
		}
	}
}

// A viewer's text cannot notify the whole team.
func TestViewerCannotMentionEveryoneThroughAWebhook(t *testing.T) {
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var post struct{ Text string }
		if got = string(body); json.Unmarshal(body, &post) == nil {
			got = post.Text
		}
	}))
	defer server.Close()
	host := server.Listener.Addr().String()
	for _, address := range []string{
		"http://" + host + "/hook", "generic://" + host + "/hook?disabletls=yes", "rocketchat://" + host + "/a/b?disabletls=yes",
		"mattermost://ada@" + host + "/token?disabletls=yes",
	} {
		r, err := relay.New("team", address, relay.Options{AllowPrivate: true})
		if err != nil {
			t.Fatal(err)
		}
		for text, want := range map[string]string{
			"@all @Here @everyone, @channel! @room": "@\u200ball @\u200bHere @\u200beveryone, @\u200bchannel! @\u200broom",
			"<!channel> <!here|x> <!subteam^S1>":    "<\u200b!channel> <\u200b!here|x> <\u200b!subteam^S1>",
			"<@&12> <users/all> <at id=all></at>":   "<\u200b@&12> <\u200busers/all> <\u200bat id=all></at>",
			"@**all** @_**everyone** @all_ @@here":  "@\u200b**all** @\u200b_**everyone** @\u200ball_ @@\u200bhere",
			"@ada @allegra 3 < 4! <b> a@b.example":  "@ada @allegra 3 < 4! <b> a@b.example",
		} {
			if err := r.Send(t.Context(), text); err != nil || got != want {
				t.Errorf("%s: got %q, %v, want %q", address, got, err, want)
			}
		}
		r.Close()
	}
}
