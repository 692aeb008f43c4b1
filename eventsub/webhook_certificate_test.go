package eventsub

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// certificateFiles writes a certificate with a serial number at a time.
func certificateFiles(t *testing.T, certFile, keyFile string, serial int64, at time.Time) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: at.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	writeAt(t, certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), at)
	writeAt(t, keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), at)
}

func writeAt(t *testing.T, name string, data []byte, at time.Time) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
}

func TestRenewedCertificateIsServed(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	synctest.Test(t, func(t *testing.T) {
		logged := new(bytes.Buffer)
		c := &certificate{certFile: certFile, keyFile: keyFile, logger: slog.New(slog.NewTextHandler(logged, nil))}
		want := func(serial int64) {
			t.Helper()
			time.Sleep(2 * time.Minute)
			got, err := c.get(&tls.ClientHelloInfo{})
			if err != nil {
				t.Fatal(err)
			}
			if n := got.Leaf.SerialNumber.Int64(); n != serial {
				t.Errorf("got certificate %d, want %d", n, serial)
			}
		}
		certificateFiles(t, certFile, keyFile, 1, time.Now())
		if err := c.load(); err != nil {
			t.Fatal(err)
		}
		want(1)
		certificateFiles(t, certFile, keyFile, 2, time.Now())
		want(2)
		writeAt(t, keyFile, []byte("half a file"), time.Now())
		want(2)
		if logged.Len() == 0 {
			t.Error("nothing was logged about a certificate that cannot be used")
		}
		certificateFiles(t, certFile, keyFile, 3, time.Now())
		want(3)
	})
}
