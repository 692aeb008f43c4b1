package relay_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
)

// certified returns a certificate for 127.0.0.1 that is its own authority, and writes it
// to a file.
func certified(t *testing.T, file string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// A login succeeds if the certificate is trusted. The test runs in a separate process,
// because a process reads its trusted authorities only once.
func TestMailToATrustedServer(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("authorities are given by a variable on Linux only")
	}
	const variable = "LARKSPUR_TEST_ADDRESS"
	if address := os.Getenv(variable); address != "" {
		if err := send(t, address, "hi", relay.Options{AllowPrivate: true}); err != nil {
			t.Fatal(err)
		}
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	file := filepath.Join(t.TempDir(), "authority.pem")
	certificate := certified(t, file)
	for name, tt := range map[string]struct {
		server *smtpServer
		query  string
		login  string
	}{
		"plain after STARTTLS":       {&smtpServer{starttls: true}, "&requirestarttls=yes", "AUTH PLAIN AGFkYQBzd29yZGZpc2g="},
		"a challenge after STARTTLS": {&smtpServer{starttls: true}, "&encryption=explicittls&auth=crammd5", "AUTH CRAM-MD5"},
		"a challenge from the start": {&smtpServer{implicit: true}, "&encryption=implicittls&auth=crammd5", "AUTH CRAM-MD5"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.server.certificate = &certificate
			address := "smtp://ada:swordfish@" + tt.server.start(t) + "/?from=a@b.example&to=c@b.example" + tt.query
			cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestMailToATrustedServer$", "-test.timeout=1m")
			cmd.Env = append(os.Environ(), variable+"="+address, "SSL_CERT_FILE="+file)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if got := tt.server.said("AUTH"); len(got) != 1 || got[0] != tt.login {
				t.Errorf("got %q, want %s", got, tt.login)
			}
			if len(tt.server.mails) != 1 {
				t.Errorf("got %d mails, want 1", len(tt.server.mails))
			}
		})
	}
}

const challenge = "<1896.697170952@mail.example.org>"

// answersChallenge reports whether answer is ada's to the challenge.
func answersChallenge(answer string) bool {
	mac := hmac.New(md5.New, []byte("swordfish"))
	_, _ = mac.Write([]byte(challenge))
	return answer == base64.StdEncoding.EncodeToString([]byte("ada "+hex.EncodeToString(mac.Sum(nil))))
}
