package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/larkspur-dev/larkspur/internal/lock"
	"github.com/larkspur-dev/larkspur/oauth"
)

// oldTokensName is the file in the state directory that held the tokens before there
// was a database.
const oldTokensName = "tokens.json"

// oldFile is where an older version of the program kept its tokens.
func (v *vault) oldFile() string { return filepath.Join(v.dir(), oldTokensName) }

// importOldFile moves the tokens of an older version into the database, if there are
// any. Several processes may try at once: the first imports, the others wait for it.
func (v *vault) importOldFile(ctx context.Context) error {
	if !exists(v.oldFile()) {
		return nil
	}
	unlock, err := lock.File(ctx, v.path+".import.lock")
	if err != nil {
		return fmt.Errorf("waiting for another process that imports %s: %w", v.oldFile(), err)
	}
	defer unlock()
	if !exists(v.oldFile()) {
		return nil
	}
	old := &vault{p: v.p, path: v.oldFile(), file: true, key: v.key}
	if err := old.open(ctx); err != nil {
		return err
	}
	from, plain := old.get()
	s, err := newSealer(v.p, v.key)
	if err != nil {
		return err
	}
	into, err := v.database(ctx, s)
	if err != nil {
		return v.explain(err, s)
	}
	file, ok := from.(*oauth.FileStore)
	if !ok {
		return errors.New("the old tokens are not in a file")
	}
	done, err := into.Import(ctx, old.path, file)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s: the logins in it (%d) are now in %s, encrypted; the old file is now %s", old.path, done.Users, v.path, done.Renamed)
	if plain {
		text += ", which is not encrypted: delete it once the bot works"
	}
	v.tell(text)
	return nil
}

// tell prints a message about the stored tokens.
func (v *vault) tell(text string) {
	if v.say != nil {
		v.say(text)
		return
	}
	fmt.Fprintln(v.p.Stderr, text)
}
