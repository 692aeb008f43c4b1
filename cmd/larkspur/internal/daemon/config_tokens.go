package daemon

import (
	"path/filepath"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// TokensConfig says what the stored tokens are encrypted with. At most one of its
// fields is set; with none, the environment says, or the program's own key is used.
type TokensConfig struct {
	KeyFile        string // a file with keys, as seen from the working directory
	KeyCredential  string // the name of a systemd credential with keys
	PassphraseFile string // a file with a passphrase, as seen from the working directory
}

// tokensKeys are the keys of the block, in the order of the fields.
var tokensKeys = []string{"key-file", "key-credential", "passphrase-file"}

// tokens reads the block of that name, which may be missing.
func (c *Config) tokens(n *config.Node, ps *config.Problems) TokensConfig {
	if n == nil {
		return TokensConfig{}
	}
	if n.Kind == config.Null {
		ps.Add(n, "is empty; it says what the tokens are encrypted with, such as {key-file: /etc/larkspur/token.key}; or leave it out")
		return TokensConfig{}
	}
	s := n.Section(ps, tokensKeys...)
	first := ""
	for _, key := range tokensKeys {
		switch v := s.Get(key); {
		case v == nil:
		case first != "":
			ps.Add(v, "%q is given too, but the tokens have one key; remove one", first)
		default:
			first = key
			s.NeedString(key) // reports an empty one
		}
	}
	return TokensConfig{
		KeyFile:        c.besideFile(s.String("key-file", "")),
		KeyCredential:  s.String("key-credential", ""),
		PassphraseFile: c.besideFile(s.String("passphrase-file", "")),
	}
}

// besideFile returns where a file is that the configuration names: relative names
// are relative to it, as those of scripts are.
func (c *Config) besideFile(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(c.File), name)
}
