package api_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// goodExtensions are successful calls of an extension's back end. The token is
// signed where the endpoint takes a JWT, whoever is named.
var goodExtensions = []row{
	{"get-extension-configuration-segment", "jwt", `GET /extensions/configurations?extension_id=id&segment=global`, `"content":"hello"`},
	{"set-extension-configuration-segment", "jwt", `PUT /extensions/configurations {"extension_id":"id","segment":"broadcaster","broadcaster_id":"{ada}","content":"x","version":"1"}`, ``},
	{"set-extension-required-configuration", "jwt", `PUT /extensions/required_configuration?broadcaster_id={ada} {"extension_id":"id","extension_version":"0.0.1","required_configuration":"x"}`, ``},
	{"send-extension-pubsub-message", "jwt", `POST /extensions/pubsub {"target":["broadcast"],"broadcaster_id":"{ada}","message":"hi"}`, ``},
	{"get-extension-live-channels", "grace", `GET /extensions/live?extension_id=id`, `"broadcaster_name":"Ada"`},
	{"get-extension-secrets", "jwt", `GET /extensions/jwt/secrets?extension_id=id`, `"format_version":1`},
	{"create-extension-secret", "jwt", `POST /extensions/jwt/secrets?extension_id=id&delay=600`, `"active_at"`},
	{"send-extension-chat-message", "jwt", `POST /extensions/chat?broadcaster_id={ada} {"text":"hi","extension_id":"id","extension_version":"0.0.1"}`, ``},
	{"get-extensions", "jwt", `GET /extensions?extension_id=id`, `"state":"InTest"`},
	{"get-released-extensions", "grace", `GET /extensions/released?extension_id=id&extension_version=0.0.1`, `"state":"Released"`},
	{"get-extension-bits-products", "app", `GET /bits/extensions?should_include_all=true`, `"sku":"hat"`},
	{"update-extension-bits-product", "app", `PUT /bits/extensions {"sku":"cap","cost":{"amount":5,"type":"bits"},"display_name":"Cap"}`, `"sku":"cap"`},
}

func (d *desk) prepareExtensions() {
	d.t.Helper()
	d.addExtension()
	for _, err := range []error{
		d.world.ActivateExtension(d.ada.ID, "id"),
		d.world.SetSegment("id", world.Segment{Name: "global"}, world.SegmentContent{Content: "hello", Version: "1"}),
		d.world.SetProduct("id", world.Product{SKU: "hat", Name: "Hat", Bits: 10, InDevelopment: true}),
	} {
		if err != nil {
			d.t.Fatal(err)
		}
	}
}

// signed is the token of the extension's back end, good for some time.
func (d *desk) signed(life time.Duration) string {
	return d.sign(map[string]any{
		"exp": time.Now().Add(life).Unix(), "user_id": d.ada.ID, "role": "external",
		"channel_id": d.ada.ID, "pubsub_perms": map[string]any{"send": []string{"broadcast"}},
	})
}

func (d *desk) sign(claims map[string]any) string {
	d.t.Helper()
	d.addExtension()
	e, _ := d.world.ExtensionByID("id")
	return signWith(d.t, `{"alg":"HS256","typ":"JWT"}`, e.Secrets[len(e.Secrets)-1].Content, claims)
}

func signWith(t *testing.T, header, secret string, claims map[string]any) string {
	t.Helper()
	body, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	key, err := base64.StdEncoding.DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(header)) + "." + encode(body)
	h := hmac.New(sha256.New, key)
	h.Write([]byte(signed))
	return signed + "." + encode(h.Sum(nil))
}

func TestExtensionTokensThatAreRefused(t *testing.T) {
	d := newDesk(t, 0)
	d.prepareExtensions()
	e, _ := d.world.ExtensionByID("id")
	soon := time.Now().Add(time.Hour).Unix()
	good := map[string]any{"exp": soon, "user_id": d.ada.ID, "role": "external"}
	secret := e.Secrets[0].Content
	header := `{"alg":"HS256","typ":"JWT"}`
	request := `GET /extensions/jwt/secrets?extension_id=id`
	if got := d.call(signWith(t, header, secret, good), request); got.status != http.StatusOK {
		t.Fatalf("got %d %s, want 200", got.status, got.raw)
	}
	whole := signWith(t, header, secret, good)
	for name, token := range map[string]string{
		"none":            "",
		"another key":     signWith(t, header, "bm90IHRoZSBzZWNyZXQ=", good),
		"no algorithm":    signWith(t, `{"alg":"none"}`, secret, good),
		"unsigned":        whole[:strings.LastIndex(whole, ".")+1],
		"tampered":        strings.Replace(whole, ".", ".e30", 1),
		"expired":         signWith(t, header, secret, map[string]any{"exp": time.Now().Unix() - 1, "user_id": d.ada.ID, "role": "external"}),
		"without exp":     signWith(t, header, secret, map[string]any{"user_id": d.ada.ID, "role": "external"}),
		"role":            signWith(t, header, secret, map[string]any{"exp": soon, "user_id": d.ada.ID, "role": "viewer"}),
		"somebody else's": signWith(t, header, secret, map[string]any{"exp": soon, "user_id": d.grace.ID, "role": "external"}),
	} {
		if got := d.call(token, request); got.status != http.StatusUnauthorized {
			t.Errorf("%s: got %d %s, want 401", name, got.status, got.raw)
		}
	}
	if got := d.call(whole, `GET /extensions/jwt/secrets?extension_id=other`); got.status != http.StatusUnauthorized {
		t.Errorf("another extension: got %d %s, want 401", got.status, got.raw)
	}
}

func TestSecretsTakeOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 0)
		d.prepareExtensions()
		old, _ := d.world.ExtensionByID("id")
		claims := map[string]any{"exp": time.Now().Add(24 * time.Hour).Unix(), "user_id": d.ada.ID, "role": "external"}
		header := `{"alg":"HS256"}`
		before := signWith(t, header, old.Secrets[0].Content, claims)
		if got := d.call(before, `POST /extensions/jwt/secrets?extension_id=id&delay=300`); got.status != http.StatusOK {
			t.Fatalf("got %d %s, want 200", got.status, got.raw)
		}
		all, _ := d.world.ExtensionByID("id")
		after := signWith(t, header, all.Secrets[1].Content, claims)
		for _, step := range []struct {
			wait        time.Duration
			before, new int
		}{{0, 200, 401}, {5 * time.Minute, 200, 200}, {5 * time.Minute, 401, 200}} {
			time.Sleep(step.wait)
			for token, want := range map[string]int{before: step.before, after: step.new} {
				if got := d.call(token, `GET /extensions?extension_id=id`); got.status != want {
					t.Errorf("after %v: got %d %s, want %d", step.wait, got.status, got.raw, want)
				}
			}
		}
	})
}

func TestExtensionWritesAndReads(t *testing.T) {
	d := newDesk(t, 0)
	d.prepareExtensions()
	ask := func(status int, request string) reply {
		t.Helper()
		got := d.call(d.signed(time.Hour), d.fill(request))
		if got.status != status {
			t.Fatalf("%s: got %d %s, want %d", request, got.status, got.raw, status)
		}
		return got
	}
	ask(204, `PUT /extensions/configurations {"extension_id":"id","segment":"broadcaster","broadcaster_id":"{ada}","content":"a","version":"2"}`)
	got := ask(200, `GET /extensions/configurations?extension_id=id&segment=broadcaster&segment=global&segment=developer&broadcaster_id={ada}`)
	if len(got.body.Data) != 2 || got.body.Data[0]["content"] != "a" || got.body.Data[0]["broadcaster_id"] != d.ada.ID || got.body.Data[1]["content"] != "hello" {
		t.Errorf("got %s, want the segments a and hello", got.raw)
	}
	ask(400, `GET /extensions/configurations?extension_id=id&segment=broadcaster`)
	ask(400, `GET /extensions/configurations?extension_id=id&segment=global&broadcaster_id={ada}`)
	ask(400, `PUT /extensions/configurations {"extension_id":"id","segment":"global","content":"`+strings.Repeat("x", 5121)+`"}`)

	ask(204, `POST /extensions/pubsub {"target":["broadcast"],"broadcaster_id":"{ada}","message":"hi"}`)
	ask(401, `POST /extensions/pubsub {"target":["broadcast"],"broadcaster_id":"{grace}","message":"hi"}`) // not the token's channel
	ask(401, `POST /extensions/pubsub {"target":["whisper-5"],"broadcaster_id":"{ada}","message":"hi"}`)   // the token says broadcast
	ask(401, `POST /extensions/pubsub {"target":["global"],"is_global_broadcast":true,"message":"hi"}`)    // the token says one channel
	ask(400, `POST /extensions/pubsub {"target":["broadcast"],"is_global_broadcast":true,"message":"hi"}`) //
	ask(400, `POST /extensions/pubsub {"target":["everybody"],"broadcaster_id":"{ada}","message":"hi"}`)   //
	ask(422, `POST /extensions/pubsub {"target":["broadcast"],"broadcaster_id":"{ada}","message":"`+strings.Repeat("x", 5121)+`"}`)
	if sent := d.world.ExtensionMessages("id"); len(sent) != 1 || sent[0].Text != "hi" {
		t.Errorf("got %v, want one message", sent)
	}

	ask(204, `POST /extensions/chat?broadcaster_id={ada} {"text":"from the extension","extension_id":"id","extension_version":"0.0.1"}`)
	ask(400, `POST /extensions/chat?broadcaster_id={grace} {"text":"x","extension_id":"id","extension_version":"0.0.1"}`) // not active there
	ask(400, `POST /extensions/chat?broadcaster_id={ada} {"text":"x","extension_id":"id","extension_version":"9"}`)
	chat := d.world.Messages(d.ada.ID)
	if last := chat[len(chat)-1]; last.Text != "from the extension" {
		t.Errorf("got %q in chat, want the extension's message", last.Text)
	}
}

func TestProductsAndTransactions(t *testing.T) {
	d := newDesk(t, 0)
	d.prepareExtensions()
	app := d.auth.IssueApp("id").Access
	if got := d.call(app, `GET /bits/extensions`); len(got.body.Data) != 0 {
		t.Errorf("got %s, want nothing on sale: the hat is in development", got.raw)
	}
	put := `PUT /bits/extensions {"sku":"hat","cost":{"amount":5,"type":"bits"},"display_name":"Hat","is_broadcast":true}`
	if got := d.call(app, put); got.status != http.StatusOK || len(got.body.Data) != 1 {
		t.Errorf("got %d %s, want the hat", got.status, got.raw)
	}
	for _, request := range []string{
		strings.Replace(put, `"hat"`, `"a hat"`, 1),
		strings.Replace(put, "5", "10001", 1),
		strings.Replace(put, `"bits"`, `"euros"`, 1),
		strings.Replace(put, `true}`, `true,"expiration":"soon"}`, 1),
	} {
		if got := d.call(app, request); got.status != http.StatusBadRequest {
			t.Errorf("%s: got %d %s, want 400", request, got.status, got.raw)
		}
	}
	for range 3 {
		if _, err := d.world.Buy("id", d.ada.ID, d.grace.ID, "hat"); err != nil {
			t.Fatal(err)
		}
	}
	got := d.call(app, `GET /extensions/transactions?extension_id=id&first=2`)
	if len(got.body.Data) != 2 || got.body.Pagination.Cursor == "" || !strings.Contains(got.raw, `"cost":{"amount":5,"type":"bits"}`) {
		t.Errorf("got %s, want two of three and a cursor", got.raw)
	}
	if other := d.call(d.auth.IssueApp("id").Access, `GET /extensions/transactions?extension_id=other`); other.status != http.StatusUnauthorized {
		t.Errorf("got %d %s, want 401", other.status, other.raw)
	}
}

func FuzzExtensionToken(f *testing.F) {
	f.Add("a.b.c")
	f.Add("eyJhbGciOiJIUzI1NiJ9.e30.")
	f.Add("...")
	f.Fuzz(func(t *testing.T, token string) {
		d := newDesk(t, 0)
		d.addExtension()
		if strings.ContainsAny(token, "\r\n\x00") {
			return
		}
		if got := d.call(token, `GET /extensions?extension_id=id`); got.status != http.StatusUnauthorized {
			t.Errorf("%q: got %d %s, want 401", token, got.status, got.raw)
		}
	})
}
