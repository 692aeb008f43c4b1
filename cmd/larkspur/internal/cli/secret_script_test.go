package cli_test

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var storedSecret = regexp.MustCompile(`"(?:access|refresh)_token": ?"([^"]+)"`)

// secretless checks that files contain no secret: not the stored tokens, the client
// secret, the lines of key files (*.key) or of the file passphrase: secretless FILE….
func secretless(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: secretless FILE…")
	}
	export, err := command(ts, []string{"larkspur", "token", "export", "--reveal", "--token-file=" + ts.Getenv("TOKEN_FILE")}).Output()
	ts.Check(err)
	secrets := []string{ts.Getenv("TWITCH_CLIENT_SECRET")}
	for _, found := range storedSecret.FindAllStringSubmatch(string(export), -1) {
		secrets = append(secrets, found[1])
	}
	if len(secrets) < 2 {
		ts.Fatalf("no tokens are stored")
	}
	secrets = append(secrets, keyLines(ts)...)
	for _, file := range args {
		for _, secret := range secrets {
			if text := ts.ReadFile(file); secret != "" && strings.Contains(text, secret) {
				ts.Fatalf("%s shows the secret %s:\n%s", file, secret, text)
			}
		}
	}
}

// keyLines returns the lines of the key files in the script's directory.
func keyLines(ts *testscript.TestScript) (lines []string) {
	ts.Check(filepath.WalkDir(ts.MkAbs("."), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".key" && d.Name() != "passphrase" {
			return err
		}
		text, err := os.ReadFile(path)
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				lines = append(lines, line)
			}
		}
		return err
	}))
	return lines
}

// killed kills a command at random moments, as a power cut does, and checks that another
// command prints the same each time: killed TIMES SECOND-COMMAND -- COMMAND.
func killed(ts *testscript.TestScript, neg bool, args []string) {
	split := slices.Index(args, "--")
	if neg || split < 2 || split+1 == len(args) {
		ts.Fatalf("usage: killed TIMES SECOND-COMMAND… -- COMMAND…")
	}
	times, err := strconv.Atoi(args[0])
	ts.Check(err)
	second := func() string {
		out, err := command(ts, args[1:split]).CombinedOutput()
		if err != nil {
			ts.Fatalf("%v\n%s", err, out)
		}
		return string(out)
	}
	want, whole := second(), time.Duration(0)
	for i := range times {
		cmd := command(ts, args[split+1:])
		started := time.Now()
		ts.Check(cmd.Start())
		if i == 0 { // to learn how long it takes
			ts.Check(cmd.Wait())
			whole = time.Since(started)
			continue
		}
		time.Sleep(rand.N(whole))
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
		if got := second(); got != want {
			ts.Fatalf("after %d kills got\n%s, want\n%s", i, got, want)
		}
	}
}
