package relay_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
)

// A mailHouse is a small SMTP server.
type mailHouse struct {
	starttls, implicit bool
	refuse             string           // a line that begins so is refused
	silent             bool             // never says a word
	certificate        *tls.Certificate // default: one that nobody trusts

	hangUp   func()        // closes hungUp
	hungUp   chan struct{} // closed when everybody is hung up on
	listener net.Listener
	tls      *tls.Config
	done     sync.WaitGroup

	mu    sync.Mutex
	lines []string // guarded by mu; what was said to it, but for mails
	mails []string // guarded by mu
}

func (h *mailHouse) start(t *testing.T) (address string) {
	t.Helper()
	h.hungUp = make(chan struct{})
	h.hangUp = sync.OnceFunc(func() { close(h.hungUp) })
	server := httptest.NewTLSServer(nil) // for its certificate
	server.Close()
	h.tls = &tls.Config{Certificates: server.TLS.Certificates}
	if h.certificate != nil {
		h.tls.Certificates = []tls.Certificate{*h.certificate}
	}
	var err error
	if h.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	h.done.Go(func() {
		for {
			conn, err := h.listener.Accept()
			if err != nil {
				return
			}
			h.done.Go(func() { h.serve(conn) })
		}
	})
	t.Cleanup(func() {
		_ = h.listener.Close()
		h.hangUp()
		h.done.Wait()
	})
	return h.listener.Addr().String()
}

func (h *mailHouse) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	if h.silent {
		h.done.Go(func() {
			<-h.hungUp
			_ = conn.Close()
		})
		_, _ = io.Copy(io.Discard, conn)
		return
	}
	if h.implicit {
		conn = tls.Server(conn, h.tls)
	}
	r := bufio.NewReader(conn)
	say := func(text string) { _, _ = io.WriteString(conn, text+"\r\n") }
	say("220 mail.example.org")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		h.mu.Lock()
		h.lines = append(h.lines, line)
		h.mu.Unlock()
		verb, _, _ := strings.Cut(line, " ")
		switch {
		case h.refuse != "" && strings.HasPrefix(line, h.refuse):
			say("550 not here: " + line)
		case verb == "EHLO":
			say("250-mail.example.org")
			if h.starttls {
				say("250-STARTTLS")
			}
			say("250 AUTH PLAIN CRAM-MD5")
		case verb == "STARTTLS":
			say("220 go on")
			conn = tls.Server(conn, h.tls)
			r = bufio.NewReader(conn)
			say = func(text string) { _, _ = io.WriteString(conn, text+"\r\n") }
		case line == "AUTH CRAM-MD5":
			say("334 " + base64.StdEncoding.EncodeToString([]byte(challenge)))
			answer, err := r.ReadString('\n')
			if err != nil {
				return
			}
			if answersChallenge(strings.TrimSpace(answer)) {
				say("235 welcome")
			} else {
				say("535 wrong")
			}
		case verb == "AUTH":
			say("235 welcome")
		case verb == "DATA":
			say("354 go on")
			var text strings.Builder
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				text.WriteString(strings.TrimPrefix(line, "."))
			}
			h.mu.Lock()
			h.mails = append(h.mails, text.String())
			h.mu.Unlock()
			say("250 taken")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}

// within ends a test in which f hangs, and lets f go by hanging up.
func (h *mailHouse) within(t *testing.T, f func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(time.Minute):
		h.hangUp()
		<-done
		t.Fatal("it hangs")
		return nil
	}
}

// said are the lines that begin with verb.
func (h *mailHouse) said(verb string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found []string
	for _, line := range h.lines {
		if strings.HasPrefix(line, verb) {
			found = append(found, line)
		}
	}
	return found
}

func TestMail(t *testing.T) {
	house := &mailHouse{starttls: true}
	address := "smtp://ada:sword%20fish@" + house.start(t) +
		"/?skiptlsverify=yes&from=ada+bot@example.org&fromname=Adä&to=grace@example.org,linus@example.org&subject=Grüße"
	text := "We are \"live\"! ♥\n.\nSubject: not a header\n" + strings.Repeat("long ", 300)
	if err := send(t, address, text, relay.Options{}); err != nil {
		t.Fatal(err)
	}
	secret := base64.StdEncoding.EncodeToString([]byte("\x00ada\x00sword fish"))
	if diff := cmp.Diff([]string{"AUTH PLAIN " + secret}, house.said("AUTH")); diff != "" {
		t.Errorf("login (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"RCPT TO:<grace@example.org>", "RCPT TO:<linus@example.org>"}, house.said("RCPT")); diff != "" {
		t.Errorf("receivers (-want +got):\n%s", diff)
	}
	if len(house.mails) != 2 {
		t.Fatalf("got %d mails, want 2", len(house.mails))
	}
	got, err := mail.ReadMessage(strings.NewReader(house.mails[1]))
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	from, _ := mail.ParseAddress(got.Header.Get("From"))
	body, _ := io.ReadAll(quotedprintable.NewReader(got.Body))
	if subject != "Grüße" || *from != (mail.Address{Name: "Adä", Address: "ada+bot@example.org"}) || got.Header.Get("To") != "<linus@example.org>" {
		t.Errorf("got subject %q from %v to %q", subject, from, got.Header.Get("To"))
	}
	if want := strings.ReplaceAll(text, "\n", "\r\n"); strings.TrimSuffix(string(body), "\r\n") != want {
		t.Errorf("got body %q, want %q", body, want)
	}
	for line := range strings.SplitSeq(house.mails[1], "\r\n") {
		if len(line) > 78 {
			t.Errorf("a line has %d letters: %s", len(line), line)
		}
	}
	if _, err := got.Header.Date(); err != nil || !strings.HasSuffix(got.Header.Get("Message-Id"), "@example.org>") {
		t.Errorf("got date %v, id %q", err, got.Header.Get("Message-Id"))
	}
}

func TestMailOverTLSFromTheStart(t *testing.T) {
	house := &mailHouse{implicit: true}
	address := "smtp://ada:swordfish@" + house.start(t) + "/?encryption=ImplicitTLS&auth=CRAMMD5&skiptlsverify=yes&from=a@b.example&to=c@b.example"
	house.refuse = "AUTH" // the answer to a challenge is the library's affair
	err := send(t, address, "hi", relay.Options{})
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1 refused the login: ") {
		t.Errorf("got %v, want a refused login", err)
	}
	if got := house.said("AUTH"); len(got) != 1 || got[0] != "AUTH CRAM-MD5" {
		t.Errorf("got %q, want AUTH CRAM-MD5", got)
	}
}

func TestMailIsNotLessSecretThanAskedFor(t *testing.T) {
	tests := []struct {
		name, user, query, want string
		house                   *mailHouse
	}{
		{"no login without TLS", "ada:swordfish@", "", "127.0.0.1 would get the password without TLS", &mailHouse{}},
		{"no login when TLS is switched off", "ada:swordfish@", "&starttls=no", "127.0.0.1 would get the password without TLS", &mailHouse{starttls: true}},
		{"no mail without TLS that is required", "", "&requirestarttls=yes", "127.0.0.1 offers no TLS", &mailHouse{}},
		{"nor when it is asked for by name", "", "&encryption=ExplicitTLS", "127.0.0.1 offers no TLS", &mailHouse{}},
		{"a certificate counts", "ada:swordfish@", "", "certificate", &mailHouse{starttls: true}},
		{"a certificate counts from the start", "", "&encryption=implicittls", "certificate", &mailHouse{implicit: true}},
		{"plain when that is all there is and nobody minds", "", "", "", &mailHouse{}},
		{"plain when that is asked for", "", "&encryption=none", "", &mailHouse{starttls: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			address := "smtp://" + tt.user + tt.house.start(t) + "/?from=a@b.example&to=c@b.example" + tt.query
			err := send(t, address, "hi", relay.Options{})
			for n := 0; n < 5 && errors.Is(err, context.DeadlineExceeded); n++ { // the machine stood still
				err = send(t, address, "hi", relay.Options{})
			}
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if got := tt.house.said("AUTH"); len(got) != 0 {
				t.Errorf("a password was sent: %q", got)
			}
		})
	}
}

func TestRefusedMail(t *testing.T) {
	house := &mailHouse{refuse: "RCPT TO:<secretgrace"}
	err := send(t, "smtp://"+house.start(t)+"/?from=a@b.example&to=secretgrace@c.example,linus@c.example", "hi", relay.Options{})
	if err == nil || !strings.HasPrefix(err.Error(), "relay team: 127.0.0.1 refused a receiver: 550 ") || strings.Contains(err.Error(), "secretgrace") {
		t.Errorf("got %v, want what was refused without an address", err)
	}
	if len(house.mails) != 1 {
		t.Errorf("got %d mails, want 1 to whom it may go", len(house.mails))
	}
}

func TestMailHeadersCannotBeAdded(t *testing.T) {
	house := &mailHouse{}
	address := "smtp://" + house.start(t) + "/?from=a@b.example&to=c@b.example&subject=hi%0D%0ABcc:+evil@b.example&fromname=x%0D%0ABcc:+evil@b.example"
	if err := send(t, address, "hi", relay.Options{}); err != nil {
		t.Fatal(err)
	}
	got, err := mail.ReadMessage(strings.NewReader(house.mails[0]))
	if err != nil || got.Header.Get("Bcc") != "" {
		t.Errorf("got %v %v, want no Bcc", got, err)
	}
}

func TestMailEndsWithContext(t *testing.T) {
	for _, house := range []*mailHouse{{silent: true}, {silent: true, implicit: true}} {
		address := "smtp://" + house.start(t) + "/?from=a@b.example&to=c@b.example"
		if house.implicit {
			address += "&encryption=implicittls"
		}
		r, err := relay.New("team", address, relay.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		err = house.within(t, func() error { return r.Send(ctx, "hello") })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want deadline exceeded", err)
		}
		// The shortest of some, because the machine may stand still.
		shortest := time.Hour
		for range 5 {
			started := time.Now()
			err := house.within(t, func() error { return send(t, address+"&timeout=20ms", "hello", relay.Options{}) })
			if err == nil {
				t.Error("got no error from a server that says nothing")
			}
			if shortest = min(shortest, time.Since(started)); shortest < 5*time.Second {
				break
			}
		}
		if shortest > 5*time.Second {
			t.Errorf("got an error after %v, want it after 20ms", shortest)
		}
	}
}

func TestBadMailAddress(t *testing.T) {
	const people = "from=a@b.example&to=c@b.example"
	for address, want := range map[string]string{
		"smtp:///?" + people:                            "it has no host",
		"smtp://host/?to=s3cr3t@b.example":              "from lacks an address such as ada@example.org",
		"smtp://host/?from=s3cr3t@b.example":            "to lacks an address such as ada@example.org",
		"smtp://host/?from=Ada<s3cr3t@b>&to=a@b":        "from lacks an address such as ada@example.org",
		"smtp://host/?from=s3cr3t@b%0D%0AX:y&to=a@b":    "from lacks an address such as ada@example.org",
		"smtp://host/?" + people + "&auth=s3cr3t":       "auth is none of none, plain and crammd5",
		"smtp://host/?" + people + "&encryption=s3cr3t": "encryption is none of none, explicittls, implicittls and auto",
		"smtp://host/?" + people + "&starttls=s3cr3t":   "starttls is neither yes nor no",
		"smtp://host/?" + people + "&timeout=s3cr3t":    "timeout is not a time such as 5s",
		"smtp://host/?" + people + "&usehtml=yes":       "usehtml is not supported: the text is sent as it is",
		"smtp://host/?" + people + "&s3cr3t=1":          "it has a parameter that mail has not",
	} {
		_, err := relay.New("team", address, relay.Options{})
		if want = "relay team: bad address: " + want + "; a good one looks like smtp://user:"; err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", address, err, want)
		}
	}
}
