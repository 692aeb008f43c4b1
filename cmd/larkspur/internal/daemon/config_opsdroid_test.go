package daemon_test

import (
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
)

func loadOpsdroid(t *testing.T, src string) *daemon.Config {
	t.Helper()
	cfg, err := daemon.Load("bot.yaml", []byte(src), daemon.LoadOptions{LookupEnv: func(string) (string, bool) { return "", false }})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func wantNotes(t *testing.T, cfg *daemon.Config, want ...string) {
	t.Helper()
	if len(cfg.Notes) != len(want) {
		t.Errorf("got %d notes, want %d:\n%s", len(cfg.Notes), len(want), strings.Join(cfg.Notes, "\n"))
	}
	all := strings.Join(cfg.Notes, "\n")
	for _, w := range want {
		if !strings.Contains(all, w) {
			t.Errorf("no note says %q:\n%s", w, all)
		}
	}
}

// Each section of an opsdroid file that has no effect here gets a note: OPS-147.
func TestOpsdroidSections(t *testing.T) {
	cfg := loadOpsdroid(t, `
logging: {level: info, console: true}
web: {host: 127.0.0.1, port: 8080, cors: {allow-all: true}, base-url: https://bot.example.org}
module-path: /etc/opsdroid
welcome-message: true
autoreload: false
timezone: Europe/London
lang: en
parsers: {regex: {enabled: true}}
databases: {sqlite: {path: bot.db}}
connectors:
  shell: {}
  slack: {token: abc}
  twitch: {client-id: a, client-secret: b, channel: ada}
skills:
  hello: {match: {command: '!hello'}, do: [{say: hi}]}
`)
	wantNotes(t, cfg,
		"bot.yaml:2:1: logging: has no effect", "bot.yaml:3:42: web.cors: has no effect", "bot.yaml:4:1: module-path:",
		"bot.yaml:5:1: welcome-message:", "bot.yaml:6:1: autoreload:", "bot.yaml:7:1: timezone:", "bot.yaml:8:1: lang:",
		"bot.yaml:9:1: parsers:", "bot.yaml:10:1: databases:", "bot.yaml:12:3: connectors.shell:", "bot.yaml:13:3: connectors.slack:")
	if got := cfg.Skills.Names(); len(got) != 1 || len(cfg.Relays) != 0 {
		t.Errorf("got skills %v and relays %v, want hello alone", got, cfg.Relays)
	}
	if cfg.Web.Listen != "127.0.0.1:8080" || cfg.Twitch.ForwardURL != "https://bot.example.org" {
		t.Errorf("got %+v and forward-url %q", cfg.Web, cfg.Twitch.ForwardURL)
	}
}

// The list form of files from before opsdroid 0.17: OPS-149.
func TestOpsdroidLists(t *testing.T) {
	for name, src := range map[string]string{
		"with names": `
connectors:
  - name: twitch
    client-id: a
    client-secret: b
    channel: ada
skills:
  - name: hello
    match: {command: '!hello'}
    do: [{say: hi}]
  - name: old
    path: skills/old
`,
		"with keys": `
connectors:
  - twitch: {client-id: a, client-secret: b, channel: ada}
skills:
  - hello: {match: {command: '!hello'}, do: [{say: hi}]}
  - twitch: {path: ~/skills/twitch.py}
`,
	} {
		t.Run(name, func(t *testing.T) {
			cfg := loadOpsdroid(t, src)
			if cfg.Twitch.Channel != "ada" || cfg.Twitch.ClientID != "a" {
				t.Errorf("got %+v, want ada's", cfg.Twitch)
			}
			if got := cfg.Skills.Names(); len(got) != 1 || got[0] != "hello" {
				t.Errorf("got skills %v, want hello", got)
			}
			wantNotes(t, cfg, "connectors: is a list", "skills: is a list", "its path leads to Python code of opsdroid")
		})
	}
	_, err := read("connectors:\n  - {client-id: a, client-secret: b}\n  - 5")
	if err == nil || strings.Count(err.Error(), "want a name") != 2 {
		t.Errorf("got %v, want that both items have no name", err)
	}
}

// Python code is not loaded, and the bot starts without it: OPS-150, OPS-151.
func TestOpsdroidSkills(t *testing.T) {
	cfg := loadOpsdroid(t, `
connectors:
  twitch: {client-id: a, client-secret: b, channel: ada}
skills:
  title: {path: /srv/title.py, whitelisted: [ada]}
  seen: {repo: https://example.org/seen.git, branch: main, no-cache: true}
  dance: {gist: abc}
  loud: {module: loud.skill}
  hello:
    path: hello.py
    match: {command: '!hello'}
    do: [{say: hi}]
`)
	if got := cfg.Skills.Names(); len(got) != 1 || got[0] != "hello" {
		t.Errorf("got skills %v, want hello", got)
	}
	wantNotes(t, cfg, "bot.yaml:5:3: skills.title: has no effect: its path leads", "skills.seen: has no effect: its repo leads",
		"skills.dance: has no effect: its gist", "skills.loud: has no effect: its module", "bot.yaml:10:5: skills.hello.path: has no effect")
}
