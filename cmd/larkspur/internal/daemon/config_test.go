package daemon_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
)

const skills = `
skills:
  hello:
    match: {command: '!hello'}
    do: [{say: hi}]
`

func read(connectors string) (*daemon.Config, error) {
	return daemon.Load("bot.yaml", []byte(connectors+skills), daemon.LoadOptions{LookupEnv: func(string) (string, bool) { return "", false }})
}

// Opsdroid's block works as it stands: OPS-1 to OPS-11, and OPS-13, which is TLS here.
func TestOpsdroidBlock(t *testing.T) {
	cfg, err := read(`
connectors:
  twitch:
    code: hvpgt6k0q9
    client-id: abcdef
    client-secret: ghijkl
    channel: '#TheFlyingDev'
    redirect: http://localhost:3000/callback
    forward-url: http://94jfsd9ff.ngrok.io
    webhook-lease-seconds: 86400
    always-listening: true
    name: mytwitch
    bot-name: LarkBot
`)
	if err != nil {
		t.Fatal(err)
	}
	got := cfg.Twitch
	want := daemon.Twitch{
		Code: "hvpgt6k0q9", ClientID: "abcdef", ClientSecret: "ghijkl", Channel: "theflyingdev",
		Redirect: "http://localhost:3000/callback", AlwaysListen: true, Name: "mytwitch", BotName: "larkbot",
		ForwardURL:  "https://94jfsd9ff.ngrok.io",
		ReplyExpiry: 30 * time.Second,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	notes := strings.Join(cfg.Notes, "\n")
	for _, want := range []string{"webhook-lease-seconds", "no lease", "forward-url", "used as https"} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes are %q, want them to say %q", notes, want)
		}
	}
	if addr := daemon.TwitchAddresses().IRC; !strings.HasPrefix(addr, "ircs://") {
		t.Errorf("chat is at %s, want TLS", addr)
	}
}

func TestDefaults(t *testing.T) {
	cfg, err := read("connectors: {twitch: {client-id: a, client-secret: b, channel: ada}}")
	if err != nil {
		t.Fatal(err)
	}
	want := daemon.Twitch{ClientID: "a", ClientSecret: "b", Channel: "ada", Redirect: "http://localhost", Name: "twitch", ReplyExpiry: 30 * time.Second}
	if cfg.Twitch != want {
		t.Errorf("got %+v, want %+v", cfg.Twitch, want)
	}
	if len(cfg.Notes) > 0 {
		t.Errorf("got the notes %q, want none", cfg.Notes)
	}
}

func TestBadConfig(t *testing.T) {
	const good = "client-id: a, client-secret: b, channel: ada"
	for _, tt := range []struct{ name, src, want string }{
		{"no connectors", "", `"connectors" is missing`},
		{"no twitch", "connectors: {}", `"twitch" is missing`},
		{"twitch is empty", "connectors: {twitch: }", "needs client-id, client-secret and channel"},
		{"twitch is text", "connectors: {twitch: yes please}", "want a mapping"},
		{"no client id", "connectors: {twitch: {client-secret: b, channel: ada}}", `"client-id" is missing`},
		{"no secret", "connectors: {twitch: {client-id: b, channel: ada}}", `"client-secret" is missing`},
		{"unknown key", "connectors: {twitch: {" + good + ", chanel: x}}", `did you mean "channel"?`},
		{"secret not set", "connectors: {twitch: {client-id: a, channel: ada, client-secret: '${NOT_SET}'}}", "the environment variable NOT_SET is not set"},
		{"no login", "connectors: {twitch: {client-id: a, client-secret: b, channel: 'a b'}}", "want the login of one channel"},
		{"two channels", "connectors: {twitch: {client-id: a, client-secret: b, channel: [ada, grace]}}", "connectors.twitch.channel"},
		{"bot name", "connectors: {twitch: {" + good + ", bot-name: 'a b'}}", "want the login of the bot's account"},
		{"no such relay", "connectors: {twitch: {" + good + "}, team: {url: 'https://example.com'}}\nskills: {a: {on: channel.follow, do: [{send: {to: nowhere, text: a}}]}}", `unknown connector "nowhere"; the relays are: team`},
		{"no relays", "connectors: {twitch: {" + good + "}}\nskills: {a: {on: channel.follow, do: [{send: {to: nowhere, text: a}}]}}", `unknown connector "nowhere"; there are no relays in connectors`},
		{"redirect", "connectors: {twitch: {" + good + ", redirect: here}}", "want the redirect URL"},
		{"forward url", "connectors: {twitch: {" + good + ", forward-url: here}}", "want a web address"},
		{"lease", "connectors: {twitch: {" + good + ", webhook-lease-seconds: long}}", "connectors.twitch.webhook-lease-seconds"},
		{"reply expiry", "connectors: {twitch: {" + good + ", reply-expiry: 1h}}", "want a time from 1s to 10m"},
		{"listening", "connectors: {twitch: {" + good + ", always-listening: sometimes}}", "want true or false"},
		{"relay without url", "connectors: {twitch: {" + good + "}, team: {}}", `connectors.team: "url" is missing`},
		{"empty relay", "connectors: {twitch: {" + good + "}, team: }", "want {url:"},
		{"bad relay", "connectors: {twitch: {" + good + "}, team: {url: 'nonsense://a'}}", "connectors.team.url"},
		{"relay to this machine", "connectors: {twitch: {" + good + "}, team: {url: 'http://localhost:8080/hook'}}", "set allow-private: true"},
		{"relay twice", "connectors: {twitch: {" + good + "}, team: {url: 'http://a'}, team: {url: 'http://a'}}", "team"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := read(tt.src)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			for line := range strings.Lines(err.Error()) {
				if !strings.HasPrefix(line, "bot.yaml:") {
					t.Errorf("got %q, want it to begin with its place", line)
				}
			}
		})
	}
}

// A file that is not YAML has one mistake: nothing in it is known to be missing.
func TestBadYAMLIsTheOnlyMistake(t *testing.T) {
	for src, want := range map[string]string{
		"connectors:\n\ttwitch: {}\n": "bot.yaml:2:1: not valid YAML: ",
		"connectors: [":               "bot.yaml:1:13: not valid YAML: ",
	} {
		_, err := daemon.Load("bot.yaml", []byte(src), daemon.LoadOptions{})
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: got %v, want only %q", src, err, want)
		}
	}
}

// Mistakes under a mistyped key are found together with it, and nothing follows from it.
func TestMistypedConnectorHidesNoMistake(t *testing.T) {
	_, err := read("conectors:\n  twich: {client-id: a, client-secret: b, channel: 'a b'}\n  team: {}")
	want := `bot.yaml:1:1: unknown key "conectors"; did you mean "connectors"?
bot.yaml:2:3: conectors: unknown connector "twich"; did you mean "twitch"?
bot.yaml:2:52: conectors.twich.channel: want the login of one channel, as in twitch.tv/theflyingdev
bot.yaml:3:9: conectors.team: "url" is missing`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

// Errors about the file do not contain the secrets that are written in it.
func TestBadConfigHidesSecrets(t *testing.T) {
	_, err := read("connectors: {twitch: {client-id: [idvalue], client-secret: [secretvalue], code: {x: codevalue}, channel: ada}, team: {url: 'discord://tokenvalue'}}")
	if err == nil {
		t.Fatal("got no error")
	}
	for _, secret := range []string{"secretvalue", "codevalue", "tokenvalue"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%q is shown in %v", secret, err)
		}
	}
}

func TestLoadFile(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{"empty.yaml": "", "binary.yaml": "\x7fELF\x02\x01\x01\x00\xff\xfe\x00"}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ name, want string }{
		{"nowhere.yaml", "no such file"},
		{".", "is a directory"},
		{"empty.yaml", `"connectors" is missing`},
		{"binary.yaml", "binary.yaml:1"},
	} {
		if _, err := daemon.LoadFile(filepath.Join(dir, tt.name), daemon.LoadOptions{}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestEmulatorAddresses(t *testing.T) {
	got, err := daemon.EmulatorAddresses("http://127.0.0.1")
	want := daemon.Addresses{
		Helix: "http://127.0.0.1:80/helix", OAuth: "http://127.0.0.1:80/oauth2",
		EventSub: "ws://127.0.0.1:80/ws", IRC: "irc://127.0.0.1:80",
	}
	if err != nil || got != want {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	for _, bad := range []string{"", "localhost", "localhost:8080", "https://localhost:1", "http://", "http://a b"} {
		if got, err := daemon.EmulatorAddresses(bad); err == nil {
			t.Errorf("%q: got %v, want an error", bad, got)
		}
	}
}
