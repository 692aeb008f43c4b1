package eventsub

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

// loopback listens on a free port of this machine.
func loopback(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// writeCertificate writes a new certificate for 127.0.0.1 and returns a client that
// trusts it.
func writeCertificate(t *testing.T, certFile, keyFile string) *http.Client {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "bot"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
}

// postTo sends a request that is not signed.
func postTo(t *testing.T, client *http.Client, url string) {
	t.Helper()
	defer client.CloseIdleConnections()
	q, err := http.NewRequestWithContext(t.Context(), "POST", url+"/any/path", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("got %d, want 403", answer.StatusCode)
	}
}

func TestWebhookListens(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	secure := writeCertificate(t, certFile, keyFile)
	hook := NewWebhook(helix.New("client", helix.StaticToken("", "app"), helix.Options{}), NewMux(), WebhookOptions{})
	c := &certificate{certFile: certFile, keyFile: keyFile}
	if err := c.load(); err != nil {
		t.Fatal(err)
	}
	for scheme, tt := range map[string]struct {
		client *http.Client
		secure *tls.Config
	}{
		"http":  {&http.Client{Transport: &http.Transport{}}, nil},
		"https": {secure, c.config()},
	} {
		t.Run(scheme, func(t *testing.T) {
			l := loopback(t)
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- hook.serve(ctx, l, tt.secure) }()
			postTo(t, tt.client, scheme+"://"+l.Addr().String())
			if err := hook.ListenAndServe(t.Context(), l.Addr().String()); err == nil {
				t.Error("got no error for an address that is in use")
			}
			if err := hook.ListenAndServeTLS(t.Context(), l.Addr().String(), certFile, keyFile); err == nil {
				t.Error("got no error for an address that is in use")
			}
			cancel()
			if err := <-done; err != nil {
				t.Errorf("got %v, want none after the end of the context", err)
			}
		})
	}
	if err := hook.ListenAndServeTLS(t.Context(), "", filepath.Join(dir, "none.pem"), keyFile); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("got %v, want that the certificate is missing", err)
	}
}
