package cli_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var (
	userCode  = regexp.MustCompile(`device-code=(\w+)`)
	localPage = regexp.MustCompile(`Open +(http://localhost\S+)`)
)

// lastMatch waits until the output of a command has so many matches, and returns the
// last one.
func lastMatch(ts *testscript.TestScript, file string, want *regexp.Regexp, times string) string {
	n, err := strconv.Atoi(times)
	ts.Check(err)
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		text := ts.ReadFile(file)
		if found := want.FindAllStringSubmatch(text, -1); len(found) >= n {
			return found[n-1][1]
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%q was not printed %s times; this was:\n%s", want, times, text)
		}
	}
}

// agree finishes a device login as a user, on the page of the emulator: agree FILE
// LOGIN [NTH]. FILE has the output of larkspur login; NTH is the number of the code in it.
func agree(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: agree FILE LOGIN [NTH]")
	}
	code := lastMatch(ts, args[0], userCode, append(args, "1")[2])
	order, err := json.Marshal(map[string]string{"user": args[1], "user_code": code})
	ts.Check(err)
	send(ts, ts.Getenv("LARKSPUR_TWITCH")+"/larkspur/device", string(order))
}

// deny refuses a device login, on the page of the emulator: deny FILE.
func deny(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: deny FILE")
	}
	order, err := json.Marshal(map[string]any{"deny": true, "user_code": lastMatch(ts, args[0], userCode, "1")})
	ts.Check(err)
	send(ts, ts.Getenv("LARKSPUR_TWITCH")+"/larkspur/device", string(order))
}

// browse does what a browser does with the page that larkspur login --browser prints,
// and agrees as a user: browse FILE LOGIN [NTH]. NTH is the number of the address. The
// text of the last page is written to the file page. With ! the user refuses.
func browse(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: [!] browse FILE LOGIN [NTH]")
	}
	jar, err := cookiejar.New(nil)
	ts.Check(err)
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	get := func(address string) (location, text string) {
		answer, err := client.Get(address)
		ts.Check(err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		ts.Check(err)
		return answer.Header.Get("Location"), string(body)
	}
	twitch, _ := get(lastMatch(ts, args[0], localPage, append(args, "1")[2]))
	var back, text string
	if neg {
		back = saidNo(ts, twitch)
	} else {
		back, text = get(twitch + "&larkspur_user=" + args[1])
	}
	if back == "" {
		ts.Fatalf("Twitch did not send the browser back: %s", text)
	}
	_, text = get(back)
	ts.Check(os.WriteFile(ts.MkAbs("page"), []byte(text), 0o600))
}

// saidNo returns the address to which Twitch redirects a user who refuses.
func saidNo(ts *testscript.TestScript, twitch string) string {
	u, err := url.Parse(twitch)
	ts.Check(err)
	asked := u.Query()
	return asked.Get("redirect_uri") + "?" + url.Values{
		"error": {"access_denied"}, "error_description": {"The user denied you access"}, "state": asked["state"],
	}.Encode()
}

// freePort sets a variable to a free port: freeport NAME.
func freePort(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: freeport NAME")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	ts.Check(l.Close())
	ts.Setenv(args[0], port)
}

// succeeds waits until the command that waitline started ends without an error:
// succeeds NAME.
func succeeds(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: succeeds NAME")
	}
	select {
	case err := <-started(ts, args[0]).ended:
		if err != nil {
			ts.Fatalf("it ended with %v:\n%s", err, ts.ReadFile(args[0]))
		}
	case <-time.After(patience):
		ts.Fatalf("it runs on:\n%s", ts.ReadFile(args[0]))
	}
}
