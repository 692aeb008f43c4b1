package cli_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/cli"
	"github.com/larkspur-dev/larkspur/emulator"
)

const root = "../../../.."

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// shell returns the lines of the README's shell blocks that begin with a command.
func shell(t *testing.T, command string) []string {
	t.Helper()
	var lines []string
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(readme(t), -1) {
		for line := range strings.Lines(block[1]) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
			if strings.HasPrefix(line, command+" ") {
				lines = append(lines, strings.TrimSpace(line))
			}
		}
	}
	if len(lines) == 0 {
		t.Fatalf("the README has no line that begins with %s", command)
	}
	return lines
}

func help(t *testing.T, args []string) string {
	t.Helper()
	var out bytes.Buffer
	code := cli.Main(t.Context(), cli.Process{
		Args: append(args, "--help"), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Getenv: os.LookupEnv,
	})
	if code != 0 {
		t.Errorf("%q: exit code %d\n%s", args, code, out.String())
	}
	return out.String()
}

// The program has every command and every flag that the README shows.
func TestREADMEFlags(t *testing.T) {
	for _, line := range shell(t, "larkspur") {
		var names, flags []string
		for _, word := range strings.Fields(line)[1:] {
			if strings.HasPrefix(word, "--") {
				flags = append(flags, word)
			} else if len(flags) == 0 && !strings.Contains(word, ".") {
				names = append(names, word)
			}
		}
		text := help(t, names)
		if !strings.Contains(text, "larkspur "+strings.Join(names, " ")) {
			t.Errorf("the README's %q is no command", line)
		}
		for _, flag := range flags {
			if !strings.Contains(text, flag+" ") {
				t.Errorf("%q: there is no flag %s", line, flag)
			}
		}
	}
}

// The README's commands for a running emulator do what it says.
func TestREADMEControlCommands(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("grace"))
	env := map[string]string{"LARKSPUR_TWITCH": tw.URL()}
	ran := 0
	for _, line := range shell(t, "larkspur emulator ctl") {
		var out bytes.Buffer
		code := cli.Main(t.Context(), cli.Process{
			Args: strings.Fields(line)[1:], Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
			Getenv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		})
		if ran++; code != 0 {
			t.Errorf("%q: got exit code %d and %q", line, code, out.String())
		}
	}
	if ran == 0 {
		t.Error("the README has no such command")
	}
}

// The emulator accepts the requests in its help.
func TestEmulatorHelpRequests(t *testing.T) {
	var lines []string
	for line := range strings.Lines(help(t, []string{"emulator"})) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "curl ") {
			lines = append(lines, line)
		}
	}
	order := regexp.MustCompile(`^curl http://127\.0\.0\.1:8080(/larkspur/\S+) --json '(.*)'$`)
	for _, line := range lines {
		tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("grace"))
		m := order.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("%q: want the default address and --json, which sets the content type", line)
			continue
		}
		answer, err := http.Post(tw.URL()+m[1], "application/json", strings.NewReader(m[2]))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode/100 != 2 {
			t.Errorf("%q: %s %s", line, answer.Status, body)
		}
	}
}

// Every link in the README leads to an existing file.
func TestREADMELinks(t *testing.T) {
	for _, m := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(readme(t), -1) {
		if strings.Contains(m[1], "://") {
			continue
		}
		if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
			t.Errorf("the README links to %s: %v", m[1], err)
		}
	}
}
