package daemon_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
)

const twitchBlock = `
connectors:
  twitch: {client-id: a, client-secret: b, channel: ada}
`

func TestTokensBlock(t *testing.T) {
	absolute := filepath.Join(t.TempDir(), "token.key")
	for _, tt := range []struct {
		block string
		want  daemon.TokensConfig
		err   string
	}{
		{"", daemon.TokensConfig{}, ""},
		{"tokens: {key-file: keys/a.key}", daemon.TokensConfig{KeyFile: filepath.Join("conf", "keys", "a.key")}, ""},
		{"tokens: {key-file: '" + absolute + "'}", daemon.TokensConfig{KeyFile: absolute}, ""},
		{"tokens: {key-credential: twitch}", daemon.TokensConfig{KeyCredential: "twitch"}, ""},
		{"tokens: {passphrase-file: words}", daemon.TokensConfig{PassphraseFile: filepath.Join("conf", "words")}, ""},
		{"tokens: {key-file: a, key-credential: b}", daemon.TokensConfig{}, `bot.yaml:9:39: tokens.key-credential: "key-file" is given too, but the tokens have one key; remove one`},
		{"tokens: {keyfile: a}", daemon.TokensConfig{}, `bot.yaml:9:10: tokens: unknown key "keyfile"; did you mean "key-file"?`},
		{"tokens: {key-file: ''}", daemon.TokensConfig{}, "bot.yaml:9:20: tokens.key-file: is empty"},
		{"tokens:", daemon.TokensConfig{}, "bot.yaml:9:1: tokens: is empty; it says what the tokens are encrypted with"},
	} {
		cfg, err := daemon.Load(filepath.Join("conf", "bot.yaml"), []byte(twitchBlock+skills+tt.block), daemon.LoadOptions{})
		switch {
		case tt.err == "" && err != nil:
			t.Errorf("%s: got %v", tt.block, err)
		case tt.err == "" && cfg.Tokens != tt.want:
			t.Errorf("%s: got %+v, want %+v", tt.block, cfg.Tokens, tt.want)
		case tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)):
			t.Errorf("%s: got %v, want %s", tt.block, err, tt.err)
		}
	}
}
