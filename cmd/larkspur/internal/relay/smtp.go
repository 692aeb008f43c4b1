package relay

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"strings"
	"time"
)

// send sends text to every recipient. A refused recipient does not stop delivery to
// the others.
func (m *mailer) send(ctx context.Context, text string) error {
	ctx, cancel := context.WithTimeout(ctx, m.timeout)
	defer cancel()
	dialer := net.Dialer{Control: m.guard.control}
	conn, err := dialer.DialContext(ctx, "tcp", m.address())
	if err != nil {
		return because(ctx, err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // net/smtp takes no context
	defer stop()
	client, err := m.greet(ctx, conn)
	if err != nil {
		return because(ctx, err)
	}
	var refused []error
	for _, to := range m.to {
		if err := m.mail(client, to, text); err != nil {
			refused = append(refused, err)
			if client.Reset() != nil {
				break // the connection cannot be used any more
			}
		}
	}
	_ = client.Quit() // accepted mail stays accepted, whatever the answer
	switch len(refused) {
	case 0:
		return nil
	case 1:
		return because(ctx, refused[0])
	default:
		return because(ctx, fmt.Errorf("%w, and %d more", refused[0], len(refused)-1))
	}
}

// because returns the reason why ctx ended, if it did: err is then only a
// consequence of it. Otherwise it returns err.
func because(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// greet prepares a connection for mail: it negotiates TLS as configured and offered,
// and logs in.
func (m *mailer) greet(ctx context.Context, conn net.Conn) (*smtp.Client, error) {
	config := &tls.Config{ServerName: m.host, InsecureSkipVerify: m.skipVerify}
	secure := m.encryption == "implicittls"
	if secure {
		encrypted := tls.Client(conn, config)
		if err := encrypted.HandshakeContext(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", m.host, err)
		}
		conn = encrypted
	}
	client, err := smtp.NewClient(conn, m.host)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.host, err)
	}
	if err := client.Hello(m.name); err != nil {
		return nil, fmt.Errorf("%s: %w", m.host, err)
	}
	if offered, _ := client.Extension("STARTTLS"); offered && !secure && m.encryption != "none" {
		if err := client.StartTLS(config); err != nil {
			return nil, fmt.Errorf("%s: %w", m.host, err)
		}
		secure = true
	}
	if !secure && m.must {
		return nil, fmt.Errorf("%s offers no TLS", m.host)
	}
	return client, m.login(client, secure)
}

func (m *mailer) login(client *smtp.Client, secure bool) error {
	var auth smtp.Auth
	switch {
	case m.auth == "none":
		return nil
	case !secure:
		return fmt.Errorf("%s offers no TLS, and the password is not sent without it", m.host)
	case m.auth == "plain":
		auth = smtp.PlainAuth("", m.user, m.password, m.host)
	default:
		auth = smtp.CRAMMD5Auth(m.user, m.password)
	}
	if err := client.Auth(auth); err != nil {
		return fmt.Errorf("%s refused the login: %w", m.host, err)
	}
	return nil
}

func (m *mailer) mail(client *smtp.Client, to mail.Address, text string) error {
	if err := client.Mail(m.from.Address); err != nil {
		return fmt.Errorf("%s refused the sender: %w", m.host, err)
	}
	if err := client.Rcpt(to.Address); err != nil {
		return fmt.Errorf("%s refused a recipient: %w", m.host, err)
	}
	w, err := client.Data()
	if err == nil {
		_, err = w.Write(m.message(to, text))
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		return fmt.Errorf("%s refused the mail: %w", m.host, err)
	}
	return nil
}

// message returns a mail as it is sent. Text that is not plain ASCII is encoded, and
// so are line breaks in headers, which could otherwise start a header of their own.
func (m *mailer) message(to mail.Address, text string) []byte {
	_, domain, _ := strings.Cut(m.from.Address, "@")
	var b bytes.Buffer
	for _, header := range [][2]string{
		{"From", m.from.String()},
		{"To", to.String()},
		{"Subject", mime.QEncoding.Encode("utf-8", m.subject)},
		{"Date", time.Now().Format(time.RFC1123Z)},
		{"Message-ID", "<" + rand.Text() + "@" + domain + ">"},
		{"MIME-Version", "1.0"},
		{"Content-Type", `text/plain; charset="utf-8"`},
		{"Content-Transfer-Encoding", "quoted-printable"},
	} {
		b.WriteString(header[0] + ": " + header[1] + "\r\n")
	}
	b.WriteString("\r\n")
	body := quotedprintable.NewWriter(&b)
	_, _ = body.Write([]byte(text)) // writes to a buffer do not fail
	_ = body.Close()
	return b.Bytes()
}
