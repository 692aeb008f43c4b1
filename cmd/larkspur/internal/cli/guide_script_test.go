package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// guidePromises are texts that the commands of the login guide must print, by the first
// words of a command.
var guidePromises = []struct{ command, says string }{
	{"login", "Logged in: mybot"},
	{"doctor", "Nothing is missing."},
	{"run", "in the channel ada as mybot"},
	{"logout", "mybot: logged out"},
	{"token list", "mybot"},
	{"token validate", "valid for"},
	{"token import", "ada: stored"},
	{"token seal", "are encrypted with the key in keys/larkspur.key"},
	{"token rotate-key", "larkspur.key"},
}

// guide runs the commands of a guide, and logs in with the browser when a command asks
// for it, as a reader would: guide FILE LOGIN. It writes all output to the file guide.
func guide(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: guide FILE LOGIN")
	}
	text, err := os.ReadFile(filepath.Join("../../../../docs/guides", args[0]))
	ts.Check(err)
	var all strings.Builder
	commands := 0
	for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			line = strings.TrimSpace(line)
			words := strings.Fields(line)
			if words[0] != "larkspur" {
				ts.Fatalf("%q is no command of larkspur", line)
			}
			commands++
			said := followGuide(ts, words, args[1])
			all.WriteString(said)
			promised := false
			for _, p := range guidePromises {
				if strings.HasPrefix(line, "larkspur "+p.command+" ") || line == "larkspur "+p.command {
					promised = true
					if !strings.Contains(said, p.says) {
						ts.Fatalf("%s: want %q in:\n%s", line, p.says, said)
					}
				}
			}
			if !promised {
				ts.Fatalf("guidePromises has no entry for %q", line)
			}
		}
	}
	if commands < 12 {
		ts.Fatalf("got %d commands in the guide, want more", commands)
	}
	ts.Check(os.WriteFile(ts.MkAbs("guide"), []byte(all.String()), 0o600))
}

// followGuide runs a command to its end, agrees to its device logins, and stops a bot
// once it is in chat. It returns the output.
func followGuide(ts *testscript.TestScript, words []string, login string) string {
	const file = "followed"
	out, err := os.Create(ts.MkAbs(file))
	ts.Check(err)
	defer out.Close()
	cmd := command(ts, words)
	cmd.Stdout, cmd.Stderr = out, out
	ts.Check(cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	ts.Defer(func() { _ = cmd.Process.Kill() })
	for deadline, agreed, stopped := time.Now().Add(patience), false, false; ; time.Sleep(10 * time.Millisecond) {
		select {
		case err := <-ended:
			said := ts.ReadFile(file)
			if err != nil || said == "" {
				ts.Fatalf("%s: got %v and:\n%s", strings.Join(words, " "), err, said)
			}
			return said
		default:
		}
		said := ts.ReadFile(file)
		if !agreed && userCode.MatchString(said) {
			agreed = true
			agree(ts, false, []string{file, login})
		}
		if words[1] == "run" && strings.Contains(said, "in the chat of") && !stopped {
			stopped = true // a second Ctrl-C would end it at once
			ts.Check(cmd.Process.Signal(syscall.SIGINT))
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s does not end:\n%s", strings.Join(words, " "), said)
		}
	}
}
