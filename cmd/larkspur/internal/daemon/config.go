package daemon

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/skill"
)

// A Config is a configuration file that was read and checked.
type Config struct {
	File   string // its name, for messages
	Twitch Twitch
	Tokens TokensConfig
	Web    WebConfig
	Relays []RelayConfig
	Skills *skill.Set
	Notes  []string // settings that are accepted but have no effect, one sentence for each
}

// A RelayConfig names another chat that skills can send to.
type RelayConfig struct {
	Name         string
	URL          oauth.Secret // an address as package relay takes it
	AllowPrivate bool         // also allow addresses of this machine and its local network
}

// LoadOptions configure [Load]. The zero value is usable.
type LoadOptions struct {
	LookupEnv func(name string) (string, bool) // default: os.LookupEnv
}

// Load reads and checks a configuration. It returns all mistakes at once, as
// [config.Problems].
func Load(file string, src []byte, o LoadOptions) (*Config, error) {
	root, problems := config.Parse(file, src, config.Options{LookupEnv: o.LookupEnv})
	c := &Config{File: file}
	s := c.fromOpsdroid(root, &problems).Section(&problems, "connectors", "skills", "tokens", "web")
	c.Web = c.web(s.Get("web"), &problems)
	c.Tokens = c.tokens(s.Get("tokens"), &problems)
	if connectors := s.Need("connectors"); connectors != nil {
		c.connectors(connectors, &problems)
	}
	if skills := s.Need("skills"); skills != nil {
		names := make([]string, 0, len(c.Relays))
		for _, r := range c.Relays {
			names = append(names, r.Name)
		}
		set, more := skill.Load(skills, skill.LoadOptions{Dir: filepath.Dir(file), Connectors: names})
		problems = append(problems, more...)
		c.Skills = set
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// LoadFile is [Load] of the file called name. A file that cannot be read is an error of
// another type.
func LoadFile(name string, o LoadOptions) (*Config, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return Load(name, src, o)
}

// connectors reads the block of that name: one Twitch, any number of relays.
func (c *Config) connectors(n *config.Node, ps *config.Problems) {
	n.Section(ps)
	twitch := twitchKey(n)
	if twitch == "" {
		ps.Add(n, `"twitch" is missing: the connector that the bot lives on`)
	}
	for _, f := range n.Fields {
		if f.Key == twitch {
			if twitch != "twitch" {
				*ps = append(*ps, config.Problem{
					File: n.File, Line: f.Line, Column: f.Column, Path: n.Path,
					Text: fmt.Sprintf("unknown connector %q; did you mean \"twitch\"?", twitch),
				})
			}
			c.Twitch = c.twitch(f.Value, ps)
			continue
		}
		if slices.ContainsFunc(c.Relays, func(r RelayConfig) bool { return r.Name == f.Key }) {
			continue // a duplicate, which the parser reports
		}
		c.relay(f.Key, f.Value, ps)
	}
}

// twitchKey returns the key of the Twitch connector: twitch, or a mistyped form of it. It
// is "" if there is none. A key whose value has a url is the name of a relay.
func twitchKey(n *config.Node) string {
	if n.Field("twitch") != nil {
		return "twitch"
	}
	for _, f := range n.Fields {
		if config.Nearest(f.Key, []string{"twitch"}) != "" && f.Value.Field("url") == nil {
			return f.Key
		}
	}
	return ""
}

func (c *Config) relay(name string, n *config.Node, ps *config.Problems) {
	if n.Kind == config.Null {
		ps.Add(n, `is empty; want {url: "discord://token@id"} or another service address`)
		return
	}
	section := n.Section(ps, "url", "allow-private")
	url := section.NeedString("url")
	private := section.Bool("allow-private", false)
	if url != "" {
		if _, err := relay.New(name, url, relay.Options{AllowPrivate: private}); err != nil {
			ps.Add(section.Get("url"), "%v", err)
		}
	}
	c.Relays = append(c.Relays, RelayConfig{Name: name, URL: oauth.Secret(url), AllowPrivate: private})
}
