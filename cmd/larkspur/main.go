// Larkspur runs a Twitch bot from a YAML file, and emulates Twitch on localhost.
//
// Try it without an account: larkspur demo.
package main

import (
	"context"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/cli"
	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
)

func main() {
	started := time.Now()
	http.DefaultTransport = relay.GuardTransport(http.DefaultTransport)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	code := cli.Main(ctx, cli.Process{
		Args:    os.Args[1:],
		Stdin:   os.Stdin,
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Getenv:  os.LookupEnv,
		Started: started,
	})
	stop()
	os.Exit(code)
}
