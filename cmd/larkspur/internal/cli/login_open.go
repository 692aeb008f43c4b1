package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// openBrowser opens an address in the browser, if there is one. It ignores failures: the
// address is on the screen too.
func (l *login) openBrowser(ctx context.Context, address string) {
	argv := browserCommand(runtime.GOOS, func(name string) bool { return env(l.p, name) != "" }, address)
	if !l.open || argv == nil {
		return
	}
	// The browser must outlive this process, so it does not end with ctx.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), argv[0], argv[1:]...)
	cmd.Env = withoutSecrets(os.Environ())
	if cmd.Start() != nil {
		return
	}
	_ = cmd.Process.Release() // its result does not matter
	fmt.Fprintln(l.p.Stdout, "Opening the browser …")
}

// withoutSecrets returns an environment without our keys and the client secret.
func withoutSecrets(environment []string) []string {
	return slices.DeleteFunc(environment, func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return strings.HasPrefix(name, "LARKSPUR_TOKEN_") || strings.HasPrefix(name, "TWITCH_")
	})
}

// browserCommand returns the command that opens an address, or nil if there is no
// display. The address never passes through a shell.
func browserCommand(goos string, has func(env string) bool, address string) []string {
	switch {
	case goos == "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", address}
	case goos == "darwin":
		return []string{"open", address}
	case has("DISPLAY"), has("WAYLAND_DISPLAY"):
		return []string{"xdg-open", address}
	}
	return nil
}
