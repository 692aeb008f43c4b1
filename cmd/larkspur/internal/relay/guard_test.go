package relay_test

import (
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
)

// A relay to the machine itself or its network is refused when it is configured, if
// the address shows it, and the error names the key that allows it.
func TestPrivateAddressesAreRefused(t *testing.T) {
	for _, address := range []string{
		"http://127.0.0.1:8080/hook", "http://localhost/hook", "http://sub.localhost./hook",
		"http://10.1.2.3/", "http://192.168.0.10/", "http://172.16.9.9/", "http://100.64.0.1/", "http://0.0.0.0/",
		"http://169.254.169.254/latest/meta-data", "http://[::1]/", "http://[fe80::1]/", "http://[fd00::1]/",
		"http://[::ffff:10.0.0.1]/", "http://[64:ff9b::a00:1]/", "http://224.0.0.1/",
		"generic://127.0.0.1/hook", "rocketchat://127.0.0.1/a/b",
		"smtp://127.0.0.1/?from=a@b.example&to=c@d.example",
		"gotify://127.0.0.1/As3cr3tt0ken123", "ntfy://localhost/topic", "mattermost://ada@10.0.0.1/token",
		"matrix://ada:swordfish@127.0.0.1/?rooms=!room", "bark://key@127.0.0.1/",
		"signal://signal.example.org:8080/+15550001/+15550002?host=127.0.0.1",
		"zulip://bot%40example.com:key@localhost/?stream=a&topic=b",
	} {
		_, err := relay.New("team", address, relay.Options{})
		if err == nil || !strings.Contains(err.Error(), "is a private address; set allow-private: true") {
			t.Errorf("%s: got %v, want it refused as private", address, err)
		}
		if _, err := relay.New("team", address, relay.Options{AllowPrivate: true}); err != nil {
			t.Errorf("%s, allowed: got %v, want none", address, err)
		}
	}
}

// Resolvers and proxies read these as 127.0.0.1.
func TestOddFormsOfAPrivateAddressAreRefused(t *testing.T) {
	for _, host := range []string{
		"127.1", "2130706433", "0x7f.1", "0x7f000001", "0X7F.0.0.0x1", "0177.0.0.1", "127.0.0.1.", "127.1.", "10.0x1", "0x",
		"LOCALHOST", "localhost.", "[::ffff:0:127.0.0.1]",
	} {
		for _, address := range []string{"http://HOST/hook", "ntfy://HOST/topic?scheme=http", "generic://HOST/hook"} {
			_, err := relay.New("team", strings.Replace(address, "HOST", host, 1), relay.Options{})
			if err == nil || !strings.Contains(err.Error(), "private address") && !strings.Contains(err.Error(), "not a usual form of an IP address") {
				t.Errorf("%s, %s: got %v, want it refused", address, host, err)
			}
		}
	}
	for _, host := range []string{"8.8.8.8", "4chan.example", "0x.example", "1.2.3.4.example", "127.0.0.1.example", "beef"} {
		if _, err := relay.New("team", "http://"+host+"/hook", relay.Options{}); err != nil {
			t.Errorf("%s: got %v, want none", host, err)
		}
	}
}
