package relay_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
)

// A generic address posts the same request as the library's own service.
func TestGeneric(t *testing.T) {
	tests := []struct{ name, address, want string }{
		{"text", "generic://HOST/hook?disabletls=yes", `POST /hook text/plain We are "live"!`},
		{"a webhook's own URL", "generic+http://HOST/hook", `POST /hook text/plain We are "live"!`},
		{"the webhook's own query", "generic+http://HOST/hook?key=1&b=%20", `POST /hook?b=+&key=1 text/plain We are "live"!`},
		{"json", "generic+http://HOST/?template=json", `POST / application/json {"message":"We are \"live\"!"}`},
		{"JSON", "generic+http://HOST/?template=JSON", `POST / application/json {"message":"We are \"live\"!"}`},
		{
			"json with more", "generic+http://HOST/?template=json&messagekey=text&$channel=news&contenttype=application/x",
			`POST / application/x {"channel":"news","text":"We are \"live\"!"}`,
		},
		{"another method", "generic+http://HOST/?method=PUT", `PUT / text/plain We are "live"!`},
		{"names that are both ours and the webhook's", "generic+http://HOST/?method=PUT&__method=x&__title=y", `PUT /?method=x&title=y text/plain We are "live"!`},
		{"headers", "generic+http://HOST/?@XKey=swordfish&@content-type=text/html", `POST / text/html We are "live"! X-Key: swordfish`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got string
			server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got = r.Method + " " + r.URL.String() + " " + r.Header.Get("Content-Type") + " " + string(body)
				if key := r.Header.Get("X-Key"); key != "" {
					got += " X-Key: " + key
				}
			}))
			defer server.Close()
			_, host, _ := strings.Cut(server.URL, "://")
			address := strings.Replace(tt.address, "HOST", host, 1)
			if err := send(t, address, `We are "live"!`, relay.Options{HTTPClient: server.Client(), AllowPrivate: true}); err != nil {
				t.Fatalf("send: got %v, want none", err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGenericUsesTLSUnlessDisabled(t *testing.T) {
	c := newChat(t, httptest.NewTLSServer)
	for _, scheme := range []string{"generic", "generic+https"} {
		if err := send(t, scheme+"://"+c.host()+"/hook", "hi", relay.Options{HTTPClient: c.Client(), AllowPrivate: true}); err != nil {
			t.Errorf("%s: got %v, want none", scheme, err)
		}
	}
	c.want(t, "POST /hook hi", "POST /hook hi")
}

func TestBadGenericAddress(t *testing.T) {
	for address, want := range map[string]string{
		"generic:///s3cr3t":                    "it has no host",
		"generic+ftp://host/s3cr3t":            "generic+ must be followed by http or https",
		"generic://host/?template=s3cr3t":      "its template is unknown; the only one is json",
		"generic://host/?disabletls=s3cr3t":    "disabletls must be yes or no",
		"generic://host/s3cr3t?method=s3+cr3t": "its method is not an HTTP method",
	} {
		_, err := relay.New("team", address, relay.Options{})
		if want = "relay team: bad address: " + want + "; a good one looks like generic://host/path"; err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", address, err, want)
		}
	}
}
