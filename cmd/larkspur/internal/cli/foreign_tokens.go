package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/oauth"
)

// foreignFiles are the token files of other programs, which lie beside their
// configuration.
var foreignFiles = []struct{ name, program string }{
	{"twitch.json", "opsdroid"},
	{".tio.tokens.json", "TwitchIO"},
}

// A foreignFile is a token file of another program that could be imported.
type foreignFile struct{ path, program, command string }

func (f foreignFile) String() string {
	return fmt.Sprintf("%s holds the tokens of %s, which can be used here", f.path, f.program)
}

// foreignTokens finds token files of other programs beside the configuration, unless all
// accounts that it needs have logged in already.
func foreignTokens(ctx context.Context, cfg *daemon.Config, tokens *oauth.Manager, f appFlags) []foreignFile {
	users, err := tokens.List(ctx)
	if err != nil {
		return nil // reported by whatever uses the tokens next
	}
	ready := true
	for _, account := range cfg.Accounts(users, false) {
		ready = ready && account.Ready()
	}
	if ready {
		return nil
	}
	var found []foreignFile
	for _, candidate := range foreignFiles {
		path := filepath.Join(filepath.Dir(cfg.File), candidate.name)
		if exists(path) && regular(path) == nil {
			found = append(found, foreignFile{path, candidate.program, f.command("larkspur token import " + daemon.Quote(path))})
		}
	}
	return found
}
