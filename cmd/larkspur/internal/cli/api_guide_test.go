package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/cli"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// Every command of the guide works.
func TestGuideCommands(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../../docs/guides/calling-the-api.md")
	if err != nil {
		t.Fatal(err)
	}
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.Live("ada"), emulator.Follower("ada", "grace"))
	state := t.TempDir()
	store, err := oauth.OpenFileStore(state + "/tokens.json") // the first command imports it
	if err != nil {
		t.Fatal(err)
	}
	tokens := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), store, oauth.Options{BaseURL: tw.OAuthURL()})
	token := tw.UserToken("ada", "channel:manage:broadcast", "channel:manage:polls", "moderator:read:followers")
	if _, err := tokens.Add(t.Context(), oauth.Token{AccessToken: oauth.Secret(token)}); err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{
		"TWITCH_CLIENT_ID": tw.ClientID(), "TWITCH_CLIENT_SECRET": tw.ClientSecret(), "LARKSPUR_TWITCH": tw.URL(), "LARKSPUR_STATE": state,
	}
	commands := 0
	for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			rest, ok := strings.CutPrefix(strings.TrimSpace(line), "larkspur ")
			if !ok {
				t.Errorf("%q is no command of larkspur", line)
				continue
			}
			commands++
			var out, errOut bytes.Buffer
			code := cli.Main(t.Context(), cli.Process{
				Args: words(t, rest, "ADA="+tw.UserID("ada")), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errOut,
				Getenv: func(name string) (string, bool) { v, ok := variables[name]; return v, ok },
			})
			if code != 0 || (out.Len() == 0 && !strings.Contains(line, "PATCH")) {
				t.Errorf("%sgot exit code %d, output %q and errors %q", line, code, out.String(), errOut.String())
			}
		}
	}
	if commands < 8 {
		t.Errorf("got %d commands in the guide, want more", commands)
	}
	if got := tw.Title("ada"); got != "Chess until I lose" {
		t.Errorf("got title %q after all commands", got)
	}
}

// words splits a line with the shell.
func words(t *testing.T, line string, env ...string) []string {
	t.Helper()
	sh := exec.CommandContext(t.Context(), "sh", "-c", `printf '%s\n' `+line)
	sh.Env = env
	out, err := sh.Output()
	if err != nil {
		t.Skipf("there is no shell to split the guide's commands: %v", err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}
