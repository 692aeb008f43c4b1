package relay

import (
	"net/url"
	"testing"
)

// Which encryption an address means.
func TestEncryptionOfAnAddress(t *testing.T) {
	for address, want := range map[string]struct {
		encryption string
		must       bool
	}{
		"smtp://host/":                                          {"auto", false},
		"smtp://host:587/":                                      {"auto", false},
		"smtp://host:465/":                                      {"implicittls", false},
		"smtp://host:465/?starttls=no":                          {"implicittls", false},
		"smtp://host:465/?encryption=explicittls":               {"explicittls", true},
		"smtp://host:465/?encryption=none":                      {"none", false},
		"smtp://host:587/?usestarttls=no":                       {"none", false},
		"smtp://host:587/?requirestarttls=yes":                  {"auto", true},
		"smtp://host:587/?encryption=implicittls&starttls=no":   {"implicittls", false},
		"smtp://host:587/?encryption=ExplicitTLS&starttls=true": {"explicittls", true},
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		query := u.Query()
		query.Set("from", "a@b.example")
		query.Set("to", "c@b.example")
		u.RawQuery = query.Encode()
		m, err := newMail(u, guard{})
		if err != nil || m.encryption != want.encryption || m.must != want.must {
			t.Errorf("%s: got %s, required %t, %v, want %s, required %t", address, m.encryption, m.must, err, want.encryption, want.must)
		}
	}
}
