package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"regexp"

	"github.com/rogpeppe/go-internal/testscript"
)

var printedAt = regexp.MustCompile(`Twitch is at (\S+)[\s\S]*client id +(\S+)\s+client secret +(\S+)`)

// emulated makes all further commands use the emulator whose output is in a file, and
// tokens in the directory state: emulated FILE.
func emulated(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: emulated FILE")
	}
	found := printedAt.FindStringSubmatch(ts.ReadFile(args[0]))
	if found == nil {
		ts.Fatalf("%s is not what an emulator prints", args[0])
	}
	ts.Setenv("LARKSPUR_TWITCH", found[1])
	ts.Setenv("TWITCH_CLIENT_ID", found[2])
	ts.Setenv("TWITCH_CLIENT_SECRET", found[3])
	ts.Setenv("LARKSPUR_STATE", ts.MkAbs("state"))
}

// loggedIn stores a token of a user, as a login does: loggedin LOGIN SCOPES….
// It sets the variable LOGIN to the user's id. The tokens go to the file TOKEN_FILE if
// that variable is set, else to the state directory.
func loggedIn(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: loggedin LOGIN SCOPES…")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	order, err := json.Marshal(map[string]any{"user": args[0], "scopes": args[1:]})
	ts.Check(err)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, ts.Getenv("LARKSPUR_TWITCH")+"/larkspur/token", bytes.NewReader(order))
	ts.Check(err)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer res.Body.Close()
	var issued struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		UserID  string `json:"user_id"`
	}
	ts.Check(json.NewDecoder(res.Body).Decode(&issued))
	list, err := json.Marshal([]any{issued})
	ts.Check(err)
	cmd := command(ts, []string{"larkspur", "token", "import", "-", "--token-file=" + ts.Getenv("TOKEN_FILE")})
	cmd.Stdin = bytes.NewReader(list)
	if out, err := cmd.CombinedOutput(); err != nil {
		ts.Fatalf("%v\n%s", err, out)
	}
	ts.Setenv(args[0], issued.UserID)
}
