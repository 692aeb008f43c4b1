package cli_test

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/cli"
)

// TestMain lets scripts run the program as a separate process, "larkspur". Most of
// them wait for other processes most of the time, so more of them run at once than there
// are processors, unless -parallel says otherwise.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "12"); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"larkspur": func() {
		started := time.Now()
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := cli.Main(ctx, cli.Process{
			Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.LookupEnv, Started: started,
		})
		stop()
		os.Exit(code)
	}})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			source, err := filepath.Abs("../../../..")
			env.Setenv("LARKSPUR_SOURCE", source)
			return err
		},
		Condition: canary,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"waitline":   waitLine,
			"exitcode":   exitCode,
			"ends":       ends,
			"readenv":    readEnv,
			"post":       post,
			"location":   location,
			"authorize":  authorize,
			"printed":    printed,
			"fails":      fails,
			"hears":      hears,
			"emulated":   emulated,
			"loggedin":   loggedIn,
			"agree":      agree,
			"deny":       deny,
			"guide":      guide,
			"killed":     killed,
			"stops":      stops,
			"slain":      slain,
			"browse":     browse,
			"freeport":   freePort,
			"succeeds":   succeeds,
			"secretless": secretless,
			"signal":     sendSignal,
			"ended":      ended,
			"session":    session,
			"callback":   callback,
			"eventually": eventually,
			"outputvar":  outputVar,
		},
	})
}
