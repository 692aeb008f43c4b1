package push

import "testing"

func TestOnlyLoopbackIsCalled(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:80": true, "127.8.8.8:443": true, "[::1]:8080": true, "[::ffff:127.0.0.1]:80": true,
		"10.0.0.1:80": false, "192.168.1.1:80": false, "169.254.169.254:80": false, "[fe80::1%lo]:80": false, "[fd00::1]:80": false,
		"0.0.0.0:80": false, "[::]:80": false, "93.184.215.14:443": false, "[::ffff:10.0.0.1]:80": false, "localhost:80": false, "": false,
	} {
		if err := loopbackOnly("tcp", address, nil); (err == nil) != want {
			t.Errorf("%q: got %v, want allowed %v", address, err, want)
		}
	}
}
