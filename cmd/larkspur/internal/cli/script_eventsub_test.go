package cli_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/rogpeppe/go-internal/testscript"
)

// sessions are the WebSockets that scripts opened, by the script's folder and name.
var sessions sync.Map

// session opens an EventSub WebSocket as another program would, sets the variable NAME to
// the id of its session, and reads until the script or Twitch ends it: session NAME.
// With a "!" it closes the connection: ! session NAME.
func session(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: [!] session NAME")
	}
	key := ts.MkAbs(args[0])
	if neg {
		conn, ok := sessions.LoadAndDelete(key)
		if !ok {
			ts.Fatalf("no session %s was opened", args[0])
		}
		ts.Check(conn.(*websocket.Conn).CloseNow())
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, res, err := websocket.Dial(ctx, strings.Replace(ts.Getenv("LARKSPUR_TWITCH"), "http", "ws", 1)+"/ws", nil)
	ts.Check(err)
	if res != nil && res.Body != nil {
		_ = res.Body.Close() // the connection is conn's now
	}
	ts.Defer(func() { _ = conn.CloseNow() })
	_, frame, err := conn.Read(ctx)
	ts.Check(err)
	var welcome struct {
		Payload struct{ Session struct{ ID string } }
	}
	ts.Check(json.Unmarshal(frame, &welcome))
	ts.Setenv(args[0], welcome.Payload.Session.ID)
	sessions.Store(key, conn)
	go func() {
		for {
			if _, _, err := conn.Read(context.Background()); err != nil {
				return
			}
		}
	}()
}

// callback starts a webhook that answers challenges and acknowledges notifications, and
// sets the variable NAME to its address: callback NAME.
func callback(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: callback NAME")
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Challenge string }
		_ = json.NewDecoder(r.Body).Decode(&body)
		_, _ = io.WriteString(w, body.Challenge)
	}))
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
}

// eventually runs a command until its output matches: eventually REGEXP COMMAND ARGS….
// The output goes to the file out.
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: eventually REGEXP COMMAND ARGS…")
	}
	want := regexp.MustCompile(args[0])
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		out, err := command(ts, args[1:]).CombinedOutput()
		ts.Check(os.WriteFile(ts.MkAbs("out"), out, 0o600))
		if err == nil && want.Match(out) {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%q was not printed within %s; this was (%v):\n%s", args[0], patience, err, out)
		}
	}
}

// outputvar sets a variable to what a command prints: outputvar NAME COMMAND ARGS….
func outputVar(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: outputvar NAME COMMAND ARGS…")
	}
	out, err := command(ts, args[1:]).Output()
	ts.Check(err)
	ts.Setenv(args[0], strings.TrimSpace(string(out)))
}
