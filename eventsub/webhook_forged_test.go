package eventsub_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A forger sends genuine and forged requests to a receiver. It decides on its own which
// are genuine.
type forger struct {
	t       *testing.T
	r       *rand.Rand
	hook    *eventsub.Receiver
	secrets map[string][]eventsub.Secret // by path
	sent    []post                       // genuine ones, to replay
	n       int

	kept    map[string]bool // ids of messages whose events were stored
	storing bool            // a call of accept is under way
	broken  bool            // accept returns errors
	hung    bool            // accept does not return before its context ends
	counts  map[string]int
}

const forgeries = 10_000

// 10,000 forged, replayed, late, oversized and duplicate requests: nothing is accepted
// that Twitch did not sign, and nothing is acknowledged that is not stored.
func TestWebhookForgedRequests(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &forger{t: t, r: rand.New(rand.NewPCG(seed, 9)), kept: map[string]bool{}, counts: map[string]int{}}
				f.secrets = map[string][]eventsub.Secret{
					hookPath:        {hookSecret},
					"/eventsub/two": {"the retiring secret", "the new secret"},
				}
				f.hook = eventsub.NewReceiver(secretsAt(f.secrets), f.accept, eventsub.ReceiverOptions{
					Confirm: func(_ context.Context, sub eventsub.Subscription) bool { return sub.ID == "s1" },
				})
				for range forgeries / 4 {
					f.round()
				}
				s := f.hook.Stats()
				t.Logf("%v\n%+v", f.counts, s)
				if total := s.Accepted + s.Duplicates + s.Challenges + s.Revocations + s.Unknown + s.Failed + s.Refused.Total(); total != uint64(f.n) {
					t.Errorf("counted %d requests of %d", total, f.n)
				}
				for _, n := range []uint64{
					s.Accepted, s.Duplicates, s.Challenges, s.Revocations, s.Unknown, s.Failed, s.Late,
					s.Refused.Header, s.Refused.Method, s.Refused.Path, s.Refused.Signature, s.Refused.Size, s.Refused.Unwanted,
				} {
					if n == 0 {
						t.Errorf("one case did not occur: %+v", s)
					}
				}
			})
		})
	}
}

func (f *forger) accept(ctx context.Context, ns ...eventsub.Notification) error {
	f.storing = true
	defer func() { f.storing = false }()
	switch {
	case f.hung:
		<-ctx.Done()
		return context.Cause(ctx)
	case f.broken:
		return errDisk
	}
	for _, n := range ns {
		if n.Meta.Timestamp.IsZero() || n.Type.Name == "" {
			f.t.Errorf("stored a notification without time or type: %+v", n)
		}
		f.kept[n.Meta.MessageID] = true
	}
	return nil
}

// round sends one request and checks the response.
func (f *forger) round() {
	p, what := f.genuine()
	edits := 0
	switch f.r.IntN(10) {
	case 0: // as it is
	case 1:
		if len(f.sent) > 0 {
			p, what = f.sent[f.r.IntN(len(f.sent))].clone(), "replayed"
		}
	default:
		edits = 1 + f.r.IntN(2)
	}
	for range edits {
		what += "; " + f.forge(&p)
	}
	f.broken, f.hung = f.r.IntN(20) == 0, f.r.IntN(200) == 0
	f.send(p, what)
	time.Sleep(time.Duration(f.r.IntN(2000)) * time.Millisecond)
}

// genuine returns a request that Twitch could have sent.
func (f *forger) genuine() (post, string) {
	f.n++
	id := fmt.Sprintf("m%d", f.n)
	at := time.Now()
	what := "genuine"
	if f.r.IntN(10) == 0 {
		at, what = at.Add(-time.Duration(10+f.r.IntN(600))*time.Minute), "late"
	}
	kind, body := "notification", followBody(id)
	switch f.r.IntN(12) {
	case 0:
		kind, body = "webhook_callback_verification", []byte(challengeBody)
	case 1:
		kind, body = "webhook_callback_verification", bytes.Replace([]byte(challengeBody), []byte(`"s1"`), []byte(`"s2"`), 1)
	case 2:
		kind, body = "revocation", []byte(revokedBody)
	case 3:
		kind, body = "something.new", []byte(`{"subscription":{},"thing":1}`)
	}
	p := signedPost(kind, id, at, body, hookSecret)
	if f.r.IntN(4) == 0 {
		p.path = "/eventsub/two"
		p.sign(string(f.secrets[p.path][f.r.IntN(2)]))
	}
	return p, what + " " + kind
}

const prefix = "Twitch-Eventsub-Message-"

// forge changes one thing, sometimes into something valid.
func (f *forger) forge(p *post) string {
	name := prefix + []string{"Id", "Timestamp", "Type", "Signature", "Retry"}[f.r.IntN(5)]
	switch f.r.IntN(16) {
	case 0:
		p.header.Del(name)
		return "without " + name
	case 1:
		p.header.Add(name, p.header.Get(name))
		return "twice " + name
	case 2:
		p.header.Add(name, "x")
		return "two different " + name
	case 3:
		p.header.Set(name, f.mutate(p.header.Get(name)))
		return "changed " + name
	case 4, 5:
		p.body = []byte(f.mutate(string(p.body)))
		return "changed body"
	case 6:
		p.method = []string{"GET", "PUT", "HEAD", "post", ""}[f.r.IntN(5)]
		return "method"
	case 7:
		p.path = []string{"/eventsub/two", "/eventsub", "/", "/eventsub/ABC", "/eventsub/abc/", "//eventsub/abc"}[f.r.IntN(6)]
		return "path"
	case 8:
		p.sign([]string{"", "another secret", "the retiring secret", "sha256="}[f.r.IntN(4)])
		return "another secret"
	case 9:
		p.body = append(p.body, bytes.Repeat([]byte(" "), 1<<20-f.r.IntN(1000))...)
		if f.r.IntN(2) == 0 {
			p.sign(hookSecret)
			return "signed large body"
		}
		return "large body"
	case 10:
		p.header.Set(prefix+"Type", []string{"notification", "revocation", "webhook_callback_verification", "x"}[f.r.IntN(4)])
		return "another kind"
	case 11:
		p.header.Set(prefix+"Signature", strings.ToUpper(p.header.Get(prefix+"Signature")))
		return "capital signature"
	case 12:
		if len(f.sent) > 0 { // the signature of another message
			p.header.Set(prefix+"Signature", f.sent[f.r.IntN(len(f.sent))].header.Get(prefix+"Signature"))
		}
		return "signature of another message"
	case 13:
		p.header.Set(prefix+"Id", p.header.Get(prefix+"Id")+"2")
		p.header.Set(prefix+"Timestamp", strings.TrimPrefix(p.header.Get(prefix+"Timestamp"), "2"))
		return "a digit moved from the time to the id" // the signed text stays the same
	case 14:
		p.header.Set(name, strings.Repeat("x", f.r.IntN(400)))
		return "replaced " + name
	default:
		p.header.Set(prefix+"Signature", "sha1="+strings.Repeat("0a", 20))
		return "another algorithm"
	}
}

// mutate changes, removes or adds a byte.
func (f *forger) mutate(s string) string {
	if s == "" {
		return "x"
	}
	b := []byte(s)
	i := f.r.IntN(len(b))
	switch f.r.IntN(3) {
	case 0:
		b[i] ^= 1 << f.r.IntN(7)
	case 1:
		b = slices.Delete(b, i, i+1)
	default:
		b = slices.Insert(b, i, byte(' '+f.r.IntN(90)))
	}
	return string(b)
}

// signed reports whether Twitch could have sent the request: its own judgement, written
// without the code that is tested.
func (f *forger) signed(p post) bool {
	for _, name := range []string{"Id", "Timestamp", "Type", "Signature"} {
		if v := p.header[prefix+name]; len(v) != 1 || v[0] == "" || len(v[0]) > 256 {
			return false
		}
	}
	if p.method != "POST" || len(p.header[prefix+"Retry"]) > 1 || len(p.body) > 1<<20 {
		return false
	}
	at := p.header.Get(prefix + "Timestamp")
	if _, err := time.Parse(time.RFC3339, at); err != nil || !timestamp.MatchString(at) { // a part of it may belong to the id
		return false
	}
	given := p.header.Get(prefix + "Signature")
	for _, secret := range f.secrets[p.path] {
		mac, err := hex.DecodeString(strings.TrimPrefix(given, "sha256="))
		if strings.HasPrefix(given, "sha256=") && err == nil && hmac.Equal(mac, p.mac(string(secret))) {
			return true
		}
	}
	return false
}

var timestamp = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?Z$`)

// event reports whether a body has the event of a notification. A body that was damaged
// before it was signed may have none.
func (p post) event() bool {
	var body struct {
		Subscription struct {
			Type string `json:"type"`
		} `json:"subscription"`
		Event json.RawMessage `json:"event"`
	}
	return json.Unmarshal(p.body, &body) == nil && body.Subscription.Type != "" && body.Event != nil
}

// A checkedWriter checks the state at the time at which the status is sent.
type checkedWriter struct {
	*httptest.ResponseRecorder

	onStatus func(status int)
}

func (w checkedWriter) WriteHeader(status int) {
	w.onStatus(status)
	w.ResponseRecorder.WriteHeader(status)
}

func (f *forger) send(p post, what string) {
	id, kind := p.header.Get(prefix+"Id"), p.header.Get(prefix+"Type")
	before := len(f.kept)
	signed := f.signed(p)
	hasEvent := p.event()
	w := checkedWriter{ResponseRecorder: httptest.NewRecorder()}
	w.onStatus = func(status int) {
		if status/100 == 2 && kind == "notification" && hasEvent && (f.storing || !f.kept[id]) {
			f.t.Errorf("%s: acknowledged %s with %d before it was stored", what, id, status)
		}
	}
	start := time.Now()
	q := &http.Request{
		Method: p.method, URL: httptest.NewRequest("GET", "http://bot.example.org"+p.path, nil).URL, Header: p.header,
		Body: http.NoBody, ContentLength: int64(len(p.body)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	q.Body = &onceReader{Reader: bytes.NewReader(p.body)}
	if f.r.IntN(4) == 0 {
		q.ContentLength = -1 // in chunks
	}
	f.hook.ServeHTTP(w, q)
	switch {
	case !signed && (w.Code/100 == 2 || w.Code/100 == 5 || len(f.kept) != before || w.Body.Len() > 0):
		f.t.Errorf("%s: got %d %q and %d events, want a refusal", what, w.Code, w.Body, len(f.kept)-before)
	case signed && w.Code/100 != 2 && w.Code != 503 && kind != "webhook_callback_verification":
		f.t.Errorf("%s: got %d, want 2xx or 503", what, w.Code)
	case w.Code == 503 && !f.broken && !f.hung:
		f.t.Errorf("%s: got 503 although the store works", what)
	case w.Body.Len() > 0 && (kind != "webhook_callback_verification" || w.Body.String() != "pogchamp-kappa-360noscope-vohiyo"):
		f.t.Errorf("%s: got %q, want no body", what, w.Body)
	}
	if took := time.Since(start); took > 2*time.Second {
		f.t.Errorf("%s: answered after %s", what, took)
	}
	if signed {
		f.sent = append(f.sent, p.clone())
	}
	f.counts[fmt.Sprint(signed, " ", w.Code)]++
}

// A onceReader returns a part with each call, as a network does.
type onceReader struct{ *bytes.Reader }

func (o *onceReader) Read(b []byte) (int, error) { return o.Reader.Read(b[:min(len(b), 1000)]) }
func (o *onceReader) Close() error               { return nil }
