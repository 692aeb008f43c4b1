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

// An smtpServer is a small SMTP server.
type smtpServer struct {
	starttls, implicit bool
	refuse             string           // lines with this prefix are refused
	silent             bool             // never sends anything
	certificate        *tls.Certificate // default: one that no client trusts

	hangUp   func()        // closes hungUp
	hungUp   chan struct{} // closed when all connections are closed
	listener net.Listener
	tls      *tls.Config
	done     sync.WaitGroup

	mu    sync.Mutex
	lines []string // guarded by mu; received, without the mails
	mails []string // guarded by mu
}

func (h *smtpServer) start(t *testing.T) (address string) {
	t.Helper()
	h.hungUp = make(chan struct{})
	h.hangUp = sync.OnceFunc(func() { close(h.hungUp) })
	web := httptest.NewTLSServer(nil) // for its certificate
	web.Close()
	h.tls = &tls.Config{Certificates: web.TLS.Certificates}
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

func (h *smtpServer) serve(conn net.Conn) {
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

// within fails the test if f hangs, and ends f by closing the connections.
func (h *smtpServer) within(t *testing.T, f func() error) error {
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

// said returns the received lines that begin with verb.
func (h *smtpServer) said(verb string) []string {
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
	server := &smtpServer{starttls: true}
	address := "smtp://ada:sword%20fish@" + server.start(t) +
		"/?skiptlsverify=yes&from=ada+bot@example.org&fromname=Adä&to=grace@example.org,linus@example.org&subject=Grüße"
	text := "We are \"live\"! ♥\n.\nSubject: not a header\n" + strings.Repeat("long ", 300)
	if err := send(t, address, text, relay.Options{AllowPrivate: true}); err != nil {
		t.Fatal(err)
	}
	secret := base64.StdEncoding.EncodeToString([]byte("\x00ada\x00sword fish"))
	if diff := cmp.Diff([]string{"AUTH PLAIN " + secret}, server.said("AUTH")); diff != "" {
		t.Errorf("login (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"RCPT TO:<grace@example.org>", "RCPT TO:<linus@example.org>"}, server.said("RCPT")); diff != "" {
		t.Errorf("recipients (-want +got):\n%s", diff)
	}
	if len(server.mails) != 2 {
		t.Fatalf("got %d mails, want 2", len(server.mails))
	}
	got, err := mail.ReadMessage(strings.NewReader(server.mails[1]))
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
	for line := range strings.SplitSeq(server.mails[1], "\r\n") {
		if len(line) > 78 {
			t.Errorf("a line has %d bytes: %s", len(line), line)
		}
	}
	if _, err := got.Header.Date(); err != nil || !strings.HasSuffix(got.Header.Get("Message-Id"), "@example.org>") {
		t.Errorf("got date %v, id %q", err, got.Header.Get("Message-Id"))
	}
}

func TestMailOverTLSFromTheStart(t *testing.T) {
	server := &smtpServer{implicit: true}
	address := "smtp://ada:swordfish@" + server.start(t) + "/?encryption=ImplicitTLS&auth=CRAMMD5&skiptlsverify=yes&from=a@b.example&to=c@b.example"
	server.refuse = "AUTH" // answering the challenge is left to net/smtp
	err := send(t, address, "hi", relay.Options{AllowPrivate: true})
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1 refused the login: ") {
		t.Errorf("got %v, want a refused login", err)
	}
	if got := server.said("AUTH"); len(got) != 1 || got[0] != "AUTH CRAM-MD5" {
		t.Errorf("got %q, want AUTH CRAM-MD5", got)
	}
}

func TestMailIsNotSentWithLessEncryptionThanConfigured(t *testing.T) {
	tests := []struct {
		name, user, query, want string
		server                  *smtpServer
	}{
		{"no login without TLS", "ada:swordfish@", "", "127.0.0.1 offers no TLS, and the password is not sent without it", &smtpServer{}},
		{"no login when TLS is switched off", "ada:swordfish@", "&starttls=no", "127.0.0.1 offers no TLS, and the password is not sent without it", &smtpServer{starttls: true}},
		{"no mail without TLS that is required", "", "&requirestarttls=yes", "127.0.0.1 offers no TLS", &smtpServer{}},
		{"no mail without explicit TLS", "", "&encryption=ExplicitTLS", "127.0.0.1 offers no TLS", &smtpServer{}},
		{"the certificate is checked after STARTTLS", "ada:swordfish@", "", "certificate", &smtpServer{starttls: true}},
		{"the certificate is checked with implicit TLS", "", "&encryption=implicittls", "certificate", &smtpServer{implicit: true}},
		{"plain if the server offers nothing else", "", "", "", &smtpServer{}},
		{"plain if configured", "", "&encryption=none", "", &smtpServer{starttls: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			address := "smtp://" + tt.user + tt.server.start(t) + "/?from=a@b.example&to=c@b.example" + tt.query
			err := send(t, address, "hi", relay.Options{AllowPrivate: true})
			for n := 0; n < 5 && errors.Is(err, context.DeadlineExceeded); n++ { // a loaded machine
				err = send(t, address, "hi", relay.Options{AllowPrivate: true})
			}
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if got := tt.server.said("AUTH"); len(got) != 0 {
				t.Errorf("a password was sent: %q", got)
			}
		})
	}
}

func TestRefusedMail(t *testing.T) {
	server := &smtpServer{refuse: "RCPT TO:<secretgrace"}
	err := send(t, "smtp://"+server.start(t)+"/?from=a@b.example&to=secretgrace@c.example,linus@c.example", "hi", relay.Options{AllowPrivate: true})
	if err == nil || !strings.HasPrefix(err.Error(), "relay team: 127.0.0.1 refused a recipient: 550 ") || strings.Contains(err.Error(), "secretgrace") {
		t.Errorf("got %v, want the refusal without the recipient", err)
	}
	if len(server.mails) != 1 {
		t.Errorf("got %d mails, want 1, to the accepted recipient", len(server.mails))
	}
}

func TestMailHeadersCannotBeAdded(t *testing.T) {
	server := &smtpServer{}
	address := "smtp://" + server.start(t) + "/?from=a@b.example&to=c@b.example&subject=hi%0D%0ABcc:+evil@b.example&fromname=x%0D%0ABcc:+evil@b.example"
	if err := send(t, address, "hi", relay.Options{AllowPrivate: true}); err != nil {
		t.Fatal(err)
	}
	got, err := mail.ReadMessage(strings.NewReader(server.mails[0]))
	if err != nil || got.Header.Get("Bcc") != "" {
		t.Errorf("got %v %v, want no Bcc", got, err)
	}
}

func TestMailEndsWithContext(t *testing.T) {
	for _, server := range []*smtpServer{{silent: true}, {silent: true, implicit: true}} {
		address := "smtp://" + server.start(t) + "/?from=a@b.example&to=c@b.example"
		if server.implicit {
			address += "&encryption=implicittls"
		}
		r, err := relay.New("team", address, relay.Options{AllowPrivate: true})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		err = server.within(t, func() error { return r.Send(ctx, "hello") })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want deadline exceeded", err)
		}
		// The shortest of several, because the machine may be loaded.
		shortest := time.Hour
		for range 5 {
			started := time.Now()
			err := server.within(t, func() error { return send(t, address+"&timeout=20ms", "hello", relay.Options{AllowPrivate: true}) })
			if err == nil {
				t.Error("got no error from a silent server")
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
		"smtp://host/?" + people + "&auth=s3cr3t":       "auth must be none, plain or crammd5",
		"smtp://host/?" + people + "&encryption=s3cr3t": "encryption must be none, explicittls, implicittls or auto",
		"smtp://host/?" + people + "&starttls=s3cr3t":   "starttls must be yes or no",
		"smtp://host/?" + people + "&timeout=s3cr3t":    "timeout must be a duration such as 5s",
		"smtp://host/?" + people + "&usehtml=yes":       "usehtml is not supported: the text is sent as it is",
		"smtp://host/?" + people + "&s3cr3t=1":          "it has a parameter that smtp does not know",
	} {
		_, err := relay.New("team", address, relay.Options{AllowPrivate: true})
		if want = "relay team: bad address: " + want + "; a good one looks like smtp://user:"; err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", address, err, want)
		}
	}
}
