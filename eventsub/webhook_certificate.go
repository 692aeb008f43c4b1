package eventsub

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificateCheck is the shortest time between two looks at the files of a certificate.
const certificateCheck = time.Minute

// A certificate is read from two files, again when they have changed.
type certificate struct {
	certFile, keyFile string
	logger            *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate // guarded by mu
	changed [2]time.Time     // guarded by mu; modification times of the files
	checked time.Time        // guarded by mu
}

// config returns the configuration of a server that uses the certificate.
func (c *certificate) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}
}

// load reads the files. The caller holds mu, or has not shared c yet.
func (c *certificate) load() error {
	changed := c.modified()
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	c.current, c.changed, c.checked = &pair, changed, time.Now()
	return nil
}

func (c *certificate) modified() (at [2]time.Time) {
	for i, name := range []string{c.certFile, c.keyFile} {
		if info, err := os.Stat(name); err == nil {
			at[i] = info.ModTime()
		}
	}
	return at
}

// get is called for each TLS connection.
func (c *certificate) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.checked) >= certificateCheck {
		c.checked = now
		if c.modified() != c.changed {
			if err := c.load(); err != nil { // perhaps only one of the files is written yet
				c.logger.WarnContext(hello.Context(), "renewed certificate not used", "error", err)
			}
		}
	}
	return c.current, nil
}
