package emulator

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"sync"
	"time"
)

// twitchHosts are the names that Twitch's clients dial. A made certificate is good for
// them, because clients with fixed host names are led here by a hosts file.
var twitchHosts = []string{
	"api.twitch.tv", "id.twitch.tv", "eventsub.wss.twitch.tv", "irc.chat.twitch.tv", "irc-ws.chat.twitch.tv", "irc.twitch.tv",
}

// certificate is what the server shows to TLS clients: the one in two files, or one that is
// made at first use, because most servers never see TLS.
type certificate struct {
	certFile, keyFile string   // "": made, and in memory only
	names             []string // that a made one is good for, beside the usual ones

	once  sync.Once
	chain tls.Certificate
	err   error
}

// get returns the certificate. It is made or read at the first call.
func (c *certificate) get() (tls.Certificate, error) {
	c.once.Do(func() {
		if c.certFile != "" {
			c.chain, c.err = c.fromFiles()
		} else {
			c.chain, c.err = c.make()
		}
	})
	return c.chain, c.err
}

// make makes a certificate that signs itself. It is no authority: trusting it lets its key
// vouch for the names in it and for nothing else.
func (c *certificate) make() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(time.Now().UnixNano()),
		Subject:               pkix.Name{CommonName: "Larkspur emulator"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().AddDate(1, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              append([]string{"localhost", memoryHost}, twitchHosts...),
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	for _, name := range c.names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

func (c *certificate) config() (*tls.Config, error) {
	chain, err := c.get()
	return &tls.Config{Certificates: []tls.Certificate{chain}, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12}, err
}

// CertPool returns a pool that trusts this server's certificate: the one of [Certificate],
// else one that is made anew by every server and lives in memory only.
func (s *Server) CertPool() *x509.CertPool {
	pool := x509.NewCertPool()
	chain, err := s.cert.get()
	if err != nil {
		return pool
	}
	for _, der := range chain.Certificate {
		if cert, err := x509.ParseCertificate(der); err == nil {
			pool.AddCert(cert)
		}
	}
	return pool
}
