package cli_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience is how long a script waits for something that normally happens soon, because
// the machine may be busy.
const patience = time.Minute

// exitCode runs a command and compares its exit code: exitcode 2 larkspur run …
// Its output is compared with the files out and err of the script's folder
// by cmp, or searched with grep.
func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode CODE COMMAND ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	var out, errOut bytes.Buffer
	cmd := command(ts, args[1:])
	cmd.Stdout, cmd.Stderr = &out, &errOut
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(cmd.Run(), &exit) {
		got = exit.ExitCode()
	}
	ts.Check(os.WriteFile(ts.MkAbs("out"), out.Bytes(), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("err"), errOut.Bytes(), 0o600))
	show(ts, args, append(out.Bytes(), errOut.Bytes()...))
	if got != want {
		ts.Fatalf("exit code %d, want %d\n%s%s", got, want, out.String(), errOut.String())
	}
}

// waitLine starts a command, waits until it has printed a text, and leaves it
// running for ends: waitline NAME TEXT COMMAND ARGS….
func waitLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: waitline NAME TEXT COMMAND ARGS…")
	}
	name := ts.MkAbs(args[0])
	out, err := os.Create(name)
	ts.Check(err)
	cmd := command(ts, args[2:])
	cmd.Stdout, cmd.Stderr = out, out
	ts.Check(cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait(); out.Close() }()
	showLater(ts, args, name)
	ts.Defer(func() { _ = cmd.Process.Kill() })
	running.Store(name, process{cmd, ended})
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		printed, err := os.ReadFile(name)
		ts.Check(err)
		if strings.Contains(string(printed), args[1]) {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%q was not printed within %s; this was:\n%s", args[1], patience, printed)
		}
	}
}

// ends interrupts a command that waitline started, as Ctrl-C does, and expects exit
// code 0: ends NAME. The daemon's tests check how soon a bot ends: they use a synctest
// bubble, so a busy machine does not matter.
func ends(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ends NAME")
	}
	p := started(ts, args[0])
	ts.Check(p.cmd.Process.Signal(syscall.SIGINT))
	select {
	case err := <-p.ended:
		ts.Check(err)
	case <-time.After(patience):
		_ = p.cmd.Process.Signal(syscall.SIGQUIT)
		<-p.ended
		printed, _ := os.ReadFile(ts.MkAbs(args[0]))
		ts.Fatalf("it runs on %s after Ctrl-C:\n%s", patience, printed)
	}
}

// stops interrupts a command that waitline started and expects an exit code: stops NAME CODE.
func stops(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: stops NAME CODE")
	}
	ts.Check(started(ts, args[0]).cmd.Process.Signal(syscall.SIGINT))
	fails(ts, false, args)
}

// slain kills a command that waitline started, as a power cut does: slain NAME.
func slain(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: slain NAME")
	}
	p := started(ts, args[0])
	ts.Check(p.cmd.Process.Kill())
	<-p.ended
}

type process struct {
	cmd   *exec.Cmd
	ended chan error
}

// started returns the process that waitline started under a name.
func started(ts *testscript.TestScript, name string) process {
	p, ok := running.Load(ts.MkAbs(name))
	if !ok {
		ts.Fatalf("nothing was started as %s", name)
	}
	return p.(process)
}

var running sync.Map // processes by output file; scripts run in parallel, in folders of their own

// command returns a command with the script's directory and variables.
func command(ts *testscript.TestScript, args []string) *exec.Cmd {
	path, err := exec.LookPath(args[0])
	ts.Check(err)
	cmd := exec.Command(path, args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(os.Environ(), "HOME="+ts.Getenv("WORK"))
	for _, name := range []string{
		"TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET", "TWITCH_CHANNEL", "TWITCH_CODE", "LARKSPUR_TWITCH", "LARKSPUR_STATE", "CREDENTIALS_DIRECTORY", "HTTP_PROXY",
		"LARKSPUR_TOKEN_KEY", "LARKSPUR_TOKEN_KEY_FILE", "LARKSPUR_TOKEN_KEY_CREDENTIAL", "LARKSPUR_TOKEN_PASSPHRASE_FILE",
	} {
		if value := ts.Getenv(name); value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	return cmd
}
