package daemon

import (
	"path/filepath"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// TokensConfig says where the stored tokens are and what they are encrypted with. At
// most one of the key fields is set. Without them the key comes from the environment,
// or the program makes one of its own.
type TokensConfig struct {
	File           string // a JSON file instead of the database; relative to the working directory
	KeyFile        string // a file with keys; relative to the working directory
	KeyCredential  string // the name of a systemd credential with keys
	PassphraseFile string // a file with a passphrase; relative to the working directory
}

// tokensKeys are the keys of the block that name a key, in the order of the fields.
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
	s := n.Section(ps, append([]string{"file"}, tokensKeys...)...)
	if s.Has("file") {
		s.NeedString("file") // reports an empty one
	}
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
		File:           c.besideFile(s.String("file", "")),
		KeyFile:        c.besideFile(s.String("key-file", "")),
		KeyCredential:  s.String("key-credential", ""),
		PassphraseFile: c.besideFile(s.String("passphrase-file", "")),
	}
}

// besideFile resolves a file name in the configuration: relative names are relative to
// the configuration's directory, as those of scripts are.
func (c *Config) besideFile(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(c.File), name)
}
