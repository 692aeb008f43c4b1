package emulator

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// Certificate has the server show a certificate from two PEM files to TLS clients. If
// neither file exists, a certificate is made and written there, so that clients can be told
// to trust it, and so that it is the same after a restart. It is good for localhost, for
// Twitch's host names and for the names of [Hosts], for a year.
func Certificate(certFile, keyFile string) Option {
	return func(s *settings) { s.certFile, s.keyFile = certFile, keyFile }
}

// fromFiles reads the certificate, or makes and writes it if there is none.
func (c *certificate) fromFiles() (tls.Certificate, error) {
	if c.keyFile == "" {
		return tls.Certificate{}, fmt.Errorf("certificate %s: its key is missing", c.certFile)
	}
	if missing(c.certFile) && missing(c.keyFile) {
		return c.write()
	}
	chain, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(chain.Certificate[0])
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate %s: %w", c.certFile, err)
	}
	if time.Now().After(leaf.NotAfter) {
		return tls.Certificate{}, fmt.Errorf("certificate %s: it expired on %s; remove it and %s to have another one made",
			c.certFile, leaf.NotAfter.Format(time.DateOnly), c.keyFile)
	}
	chain.Leaf = leaf
	return chain, nil
}

func missing(name string) bool {
	_, err := os.Stat(name)
	return errors.Is(err, fs.ErrNotExist)
}

// write makes a certificate and writes it, the key first: a certificate without a key
// would be in the way of the next start.
func (c *certificate) write() (tls.Certificate, error) {
	chain, err := c.make()
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := x509.MarshalPKCS8PrivateKey(chain.PrivateKey)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("key: %w", err)
	}
	for _, f := range []struct {
		name, kind string
		der        []byte
		mode       fs.FileMode
	}{
		{c.keyFile, "PRIVATE KEY", key, 0o600},
		{c.certFile, "CERTIFICATE", chain.Certificate[0], 0o644},
	} {
		if err := writePEM(f.name, f.kind, f.der, f.mode); err != nil {
			return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
		}
	}
	return chain, nil
}

// writePEM creates a file; it must not be there.
func writePEM(name, kind string, der []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	err = pem.Encode(f, &pem.Block{Type: kind, Bytes: der})
	return errors.Join(err, f.Close())
}
