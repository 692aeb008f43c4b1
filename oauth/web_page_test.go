package oauth_test

import (
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/oauth"
)

// The only external text in a page is the login name from Twitch, and it is escaped.
func TestPageIsText(t *testing.T) {
	s := newSite(t, "http://localhost:4343/oauth/callback", oauth.HandlerOptions{})
	odd := ada
	odd.login = `<script>alert("&")</script>`
	res := s.get(callback + "code=" + s.code(odd) + "&state=" + s.begin(""))
	s.want(res, 200, "Thank you, &lt;script&gt;alert(&#34;&amp;&#34;)&lt;/script&gt;.")
	if body := res.Body.String(); strings.Contains(body, "<script") || !strings.HasPrefix(body, "<!DOCTYPE html>") || !strings.HasSuffix(body, "</html>\n") {
		t.Errorf("got %s, want a whole page without a script", body)
	}
}
