package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
)

// storage reports how the stored tokens are protected; opened is the result of opening
// them.
func (a *app) storage(ctx context.Context, d *diagnosis, f appFlags, opened error) {
	v := a.store
	if opened != nil {
		d.add(finding{markWrong, "tokens", opened.Error()})
	} else if _, plain := v.get(); plain {
		d.add(finding{markWarning, "tokens", fmt.Sprintf("%s is not encrypted: a copy of it is as good as the logins", v.path)})
		d.Todo = append(d.Todo, remedy{Command: f.command("larkspur token seal")})
	} else {
		d.add(finding{markOK, "tokens", v.protection(ctx)})
	}
	if old, _ := filepath.Glob(v.oldFile() + ".imported*"); opened == nil && !v.file {
		for _, name := range old {
			d.add(finding{markWarning, "tokens", name + " is an old copy of the tokens; delete it"})
		}
	}
	if runtime.GOOS != "windows" {
		d.add(permissions(v.dir())...)
	}
	if old := v.ownKey().file; opened == nil && !v.key.own && exists(old) && v.key.file != old {
		d.add(finding{markWarning, "tokens", old + " is a key that is not used anymore; delete it, and what it can open"})
	}
}

// permissions reports who can access a directory. The store checks the files in it.
func permissions(dir string) []finding {
	info, err := os.Stat(dir)
	if err != nil {
		return []finding{{markWrong, "directory", err.Error()}}
	}
	mode := info.Mode().Perm()
	mend := fmt.Sprintf("; run: chmod 700 %s", daemon.Quote(dir))
	switch {
	case mode&0o022 != 0:
		return []finding{{markWrong, "directory", fmt.Sprintf("%s: other users can create files in it (mode %04o)%s", dir, mode, mend)}}
	case mode&0o055 != 0:
		return []finding{{markWarning, "directory", fmt.Sprintf("%s: other users can list its files, but not read the tokens (mode %04o)%s", dir, mode, mend)}}
	}
	return []finding{{markOK, "directory", dir + ": only you can open it"}}
}
