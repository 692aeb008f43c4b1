package eventsub_test

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

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// freePort returns an address of this machine that no server uses.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
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

// post sends a request that is not signed until the server answers.
func postTo(t *testing.T, client *http.Client, url string) {
	t.Helper()
	for range 500 {
		q, err := http.NewRequestWithContext(t.Context(), "POST", url+"/any/path", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Do(q)
		if err != nil {
			time.Sleep(10 * time.Millisecond) // it does not listen yet
			continue
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusForbidden {
			t.Errorf("got %d, want 403", answer.StatusCode)
		}
		client.CloseIdleConnections()
		return
	}
	t.Fatal("the server does not answer")
}

func TestWebhookListens(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	secure := writeCertificate(t, certFile, keyFile)
	hook := eventsub.NewWebhook(helix.New("client", helix.StaticToken("", "app"), helix.Options{}), eventsub.NewMux(), eventsub.WebhookOptions{})
	for name, tt := range map[string]struct {
		client *http.Client
		scheme string
		listen func(ctx context.Context, addr string) error
	}{
		"plain": {&http.Client{}, "http://", hook.ListenAndServe},
		"TLS": {secure, "https://", func(ctx context.Context, addr string) error {
			return hook.ListenAndServeTLS(ctx, addr, certFile, keyFile)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			addr := freePort(t)
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- tt.listen(ctx, addr) }()
			postTo(t, tt.client, tt.scheme+addr)
			if err := tt.listen(t.Context(), addr); err == nil {
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
