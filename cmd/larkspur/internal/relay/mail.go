package relay

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// A mailer sends mail over SMTP: one mail per recipient, so that recipients do not
// see each other's addresses.
type mailer struct {
	guard      guard
	host, port string
	name       string // of this machine, for HELO
	user       string // empty: no login
	password   string
	from       mail.Address
	to         []mail.Address
	subject    string
	auth       string // none, plain or crammd5
	encryption string // none, explicittls, implicittls or auto
	must       bool   // fail if the server offers no STARTTLS
	skipVerify bool
	timeout    time.Duration // of one message; at most the relay's own limit
}

// mailParameters are the parameters of an address, each with the name it is an alias of.
var mailParameters = map[string]string{
	"from": "", "fromaddress": "from", "fromname": "",
	"to": "", "toaddresses": "to",
	"subject": "", "title": "subject",
	"auth": "", "clienthost": "", "encryption": "",
	"starttls": "", "usestarttls": "starttls", "requirestarttls": "",
	"skiptlsverify": "", "timeout": "", "usehtml": "",
}

func newMail(u *url.URL, g guard) (*mailer, error) {
	if u.Hostname() == "" {
		return nil, errors.New("it has no host")
	}
	query := url.Values{}
	for name, values := range u.Query() {
		name = strings.ToLower(name)
		other, ok := mailParameters[name]
		if !ok {
			return nil, errors.New("it has a parameter that smtp does not know")
		}
		query.Set(cmp.Or(other, name), values[0])
	}
	m := &mailer{
		guard: g,
		host:  u.Hostname(), port: cmp.Or(u.Port(), "25"), name: cmp.Or(query.Get("clienthost"), "localhost"),
		user: u.User.Username(), subject: cmp.Or(query.Get("subject"), "Larkspur"), timeout: timeout,
		auth: strings.ToLower(query.Get("auth")), encryption: strings.ToLower(cmp.Or(query.Get("encryption"), "auto")),
	}
	m.password, _ = u.User.Password()
	if m.name == "auto" {
		if host, err := os.Hostname(); err == nil {
			m.name = host
		}
	}
	return m, cmp.Or(m.people(query), m.security(query))
}

// people reads the sender and the recipients.
func (m *mailer) people(query url.Values) error {
	from, err := mailbox(query.Get("from"))
	if err != nil {
		return fmt.Errorf("from %w", err)
	}
	m.from = mail.Address{Name: query.Get("fromname"), Address: from}
	for one := range strings.SplitSeq(query.Get("to"), ",") {
		to, err := mailbox(one)
		if err != nil {
			return fmt.Errorf("to %w", err)
		}
		m.to = append(m.to, mail.Address{Address: to})
	}
	return nil
}

// mailbox checks an address such as ada@example.org. In a query a + is decoded as a
// space; mail addresses contain no spaces, so each space was a +.
func mailbox(text string) (string, error) {
	text = strings.ReplaceAll(text, " ", "+")
	if a, err := mail.ParseAddress(text); err != nil || a.Address != text {
		return "", errors.New("lacks an address such as ada@example.org")
	}
	return text, nil
}

// security reads how the password and the text are protected in transit.
func (m *mailer) security(query url.Values) error {
	if html, err := yes(query, "usehtml"); err != nil || html {
		return errors.New("usehtml is not supported: the text is sent as it is")
	}
	switch {
	case m.auth == "", m.auth == "unknown":
		m.auth = "none"
		if m.user != "" {
			m.auth = "plain"
		}
	case !slices.Contains([]string{"none", "plain", "crammd5"}, m.auth):
		return errors.New("auth must be none, plain or crammd5")
	}
	switch {
	case !slices.Contains([]string{"none", "explicittls", "implicittls", "auto"}, m.encryption):
		return errors.New("encryption must be none, explicittls, implicittls or auto")
	case m.encryption == "auto" && m.port == "465":
		m.encryption = "implicittls"
	case query.Get("starttls") != "" && m.encryption != "implicittls":
		start, err := yes(query, "starttls")
		if err != nil {
			return err
		}
		if !start {
			m.encryption = "none"
		}
	}
	var err1, err2, err3 error
	m.must, err1 = yes(query, "requirestarttls")
	m.must = m.must || m.encryption == "explicittls"
	m.skipVerify, err2 = yes(query, "skiptlsverify")
	if text := query.Get("timeout"); text != "" {
		if m.timeout, err3 = time.ParseDuration(text); err3 != nil || m.timeout <= 0 {
			err3 = errors.New("timeout must be a duration such as 5s")
		}
	}
	return cmp.Or(err1, err2, err3)
}

func (m *mailer) address() string { return net.JoinHostPort(m.host, m.port) }
