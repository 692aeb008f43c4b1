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

// certificate is made at first use: most servers never see TLS.
type certificate struct {
	once  sync.Once
	chain tls.Certificate
	leaf  *x509.Certificate
	err   error
}

func (c *certificate) make() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		c.err = fmt.Errorf("key: %w", err)
		return
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(time.Now().UnixNano()),
		Subject:               pkix.Name{CommonName: "Larkspur emulator"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().AddDate(1, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		DNSNames:              []string{"localhost", memoryHost},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		c.err = fmt.Errorf("certificate: %w", err)
		return
	}
	c.chain = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	c.leaf, c.err = x509.ParseCertificate(der)
}

func (c *certificate) config() (*tls.Config, error) {
	c.once.Do(c.make)
	return &tls.Config{Certificates: []tls.Certificate{c.chain}, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12}, c.err
}

// CertPool returns a pool that trusts this server's certificate. It is made
// anew by every server and lives in memory only.
func (s *Server) CertPool() *x509.CertPool {
	s.cert.once.Do(s.cert.make)
	pool := x509.NewCertPool()
	if s.cert.leaf != nil {
		pool.AddCert(s.cert.leaf)
	}
	return pool
}
