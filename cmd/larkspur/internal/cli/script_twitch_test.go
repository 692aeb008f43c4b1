package cli_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// readEnv sets a variable to the content of a file: readenv NAME FILE.
func readEnv(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: readenv NAME FILE")
	}
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile(args[1])))
}

// post sends JSON to a URL: post URL BODY.
func post(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: post URL BODY")
	}
	send(ts, args[0], args[1])
}

func send(ts *testscript.TestScript, to, order string) {
	answer, err := http.Post(to, "application/json", strings.NewReader(order))
	ts.Check(err)
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		body, _ := io.ReadAll(answer.Body)
		ts.Fatalf("%s: %s\n%s", to, answer.Status, body)
	}
}

// location checks that a page redirects the browser to an address: location URL REGEXP.
func location(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: location URL REGEXP")
	}
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := stay.Get(args[0])
	ts.Check(err)
	defer answer.Body.Close()
	if to := answer.Header.Get("Location"); !regexp.MustCompile(args[1]).MatchString(to) {
		ts.Fatalf("got %s and %d bytes of an address, want it to match %s", answer.Status, len(to), args[1])
	}
}

// authorize agrees in the browser as a user, and writes the code into a file:
// authorize FILE TWITCH LOGIN CLIENT SCOPES.
func authorize(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 5 {
		ts.Fatalf("usage: authorize FILE TWITCH LOGIN CLIENT SCOPES")
	}
	query := url.Values{
		"response_type": {"code"}, "client_id": {args[3]}, "redirect_uri": {"http://localhost"},
		"scope": {args[4]}, "larkspur_user": {args[2]},
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Get(args[1] + "/oauth2/authorize?" + query.Encode())
	ts.Check(err)
	defer answer.Body.Close()
	to, err := answer.Location()
	if err != nil || to.Query().Get("code") == "" {
		body, _ := io.ReadAll(answer.Body)
		ts.Fatalf("no code: %s %v\n%s", answer.Status, err, body)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(to.Query().Get("code")), 0o600))
}

// printed waits until the output of a command that waitline started matches: printed NAME REGEXP.
func printed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: printed NAME REGEXP")
	}
	want := regexp.MustCompile(args[1])
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		text := ts.ReadFile(args[0])
		if want.MatchString(text) {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%q was not printed within %s; this was:\n%s", args[1], patience, text)
		}
	}
}

// fails waits until the command that waitline started ends with CODE: fails NAME CODE.
func fails(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: fails NAME CODE")
	}
	select {
	case err := <-started(ts, args[0]).ended:
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok || fmt.Sprint(exit.ExitCode()) != args[1] {
			ts.Fatalf("it ended with %v, want exit code %s:\n%s", err, args[1], ts.ReadFile(args[0]))
		}
	case <-time.After(patience):
		ts.Fatalf("it runs on:\n%s", ts.ReadFile(args[0]))
	}
}

// hears joins a channel's chat and waits for a line. If URL is given, it first posts
// BODY to it: hears TWITCH CHANNEL TEXT [URL BODY].
func hears(ts *testscript.TestScript, neg bool, args []string) {
	if neg || (len(args) != 3 && len(args) != 5) {
		ts.Fatalf("usage: hears TWITCH CHANNEL TEXT [URL BODY]")
	}
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(args[0], "http://"), patience)
	ts.Check(err)
	defer conn.Close()
	ts.Check(conn.SetDeadline(time.Now().Add(patience)))
	_, err = fmt.Fprintf(conn, "NICK justinfan42\r\nJOIN #%s\r\n", args[1])
	ts.Check(err)
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if strings.Contains(lines.Text(), args[2]) {
			return
		}
		if strings.Contains(lines.Text(), " 366 ") && len(args) == 5 { // it is in the channel
			send(ts, args[3], args[4])
		}
	}
	ts.Fatalf("%q did not arrive in chat", args[2])
}
