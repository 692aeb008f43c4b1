package emulator_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/emulator"
)

// A client that has the certificate's file and a hosts file reaches the server under
// Twitch's names, before and after a restart.
func TestCertificateInAFile(t *testing.T) {
	certFile, keyFile := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	for _, start := range []string{"first", "second"} {
		tw := emulator.Start(t, emulator.Channel("ada"), emulator.Certificate(certFile, keyFile), emulator.Hosts("twitch.bots.example"))
		raw, err := os.ReadFile(certFile)
		if err != nil {
			t.Fatal(err)
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(raw)
		transport := &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, strings.TrimPrefix(tw.URL(), "http://"))
			},
		}
		t.Cleanup(transport.CloseIdleConnections)
		for _, host := range []string{"api.twitch.tv", "id.twitch.tv", "localhost", "127.0.0.1", "twitch.bots.example"} {
			if status, _ := get(t, &http.Client{Transport: transport}, "https://"+host+"/oauth2/keys"); status != http.StatusOK {
				t.Errorf("%s start, %s: got %d, want 200", start, host, status)
			}
		}
		if status, _ := get(t, tw.HTTPClient(), strings.Replace(tw.URL(), "http:", "https:", 1)+"/oauth2/keys"); status != http.StatusOK {
			t.Errorf("%s start, CertPool: got %d, want 200", start, status)
		}
		tw.Close()
	}
	if info, err := os.Stat(keyFile); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got the key with %v, %v, want it readable by its owner only", info.Mode(), err)
	}
}

func TestCertificateThatCannotServe(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	synctest.Test(t, func(t *testing.T) { // in the year 2000
		emulator.Start(t, emulator.InMemory(), emulator.Certificate(certFile, keyFile))
	})
	for _, row := range []struct{ name, cert, key, want string }{
		{"expired", certFile, keyFile, "expired on 2001-01-01"},
		{"no key", certFile, "", "key is missing"},
		{"key not there", certFile, filepath.Join(dir, "none"), "no such file"},
		{"nowhere to write", filepath.Join(dir, "no", "cert"), filepath.Join(dir, "no", "key"), "no such file"},
	} {
		tw := emulator.New(emulator.Certificate(row.cert, row.key))
		if err := tw.Err(); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want %q", row.name, err, row.want)
		}
		tw.Close()
	}
}
