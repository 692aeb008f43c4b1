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

// openBrowser opens an address in the browser, where there is one. That it did not
// work is no harm: the address is on the screen.
func (l *login) openBrowser(ctx context.Context, address string) {
	argv := browserCommand(runtime.GOOS, func(name string) bool { return env(l.p, name) != "" }, address)
	if !l.open || argv == nil {
		return
	}
	// The browser outlives us, so nothing ends it when ctx does.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), argv[0], argv[1:]...)
	cmd.Env = withoutSecrets(os.Environ())
	if cmd.Start() != nil {
		return
	}
	_ = cmd.Process.Release() // we do not ask how it went
	fmt.Fprintln(l.p.Stdout, "The browser should open by itself.")
}

// withoutSecrets returns an environment without what a browser need not know.
func withoutSecrets(environment []string) []string {
	return slices.DeleteFunc(environment, func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return strings.HasPrefix(name, "LARKSPUR_TOKEN_") || strings.HasPrefix(name, "TWITCH_")
	})
}

// browserCommand returns what opens an address, nil where there is no screen to see
// a browser on. The address never passes through a shell.
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
