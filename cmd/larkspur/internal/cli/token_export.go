package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/oauth"
)

func newTokenExport(p Process) *cobra.Command {
	var f appFlags
	var file string
	var reveal bool
	cmd := &cobra.Command{
		Use:   "export [LOGIN…] --reveal",
		Short: "Writes tokens out, secrets included",
		Long: `Writes tokens out as JSON, secrets included: those named, else all. "larkspur token
import" reads it on another machine.

Use each token on one machine only: where renewing replaces it, the other loses it.`,
		Example:           `  larkspur token export larkbot --reveal --file larkbot.json`,
		ValidArgsFunction: completeLogin(p),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !reveal {
				return usageError{errors.New("this writes out secrets, as good as passwords; say that you mean it with --reveal")}
			}
			a, err := openApp(cmd.Context(), p, f)
			if err != nil {
				return err
			}
			found, err := a.find(cmd.Context(), args)
			if err != nil {
				return err
			}
			out, err := encodeTokens(found)
			if err != nil {
				return err
			}
			if file == "" {
				_, err = p.Stdout.Write(out)
				return err
			}
			if err := writeNew(file, out); err != nil {
				return err
			}
			fmt.Fprintf(p.Stderr, "%s holds the tokens, readable for whoever gets it.\n", file)
			return nil
		},
	}
	f.register(p, cmd, true)
	cmd.Flags().StringVar(&file, "file", "", "write to this new file, for you only to read, and not to standard output")
	cmd.Flags().BoolVar(&reveal, "reveal", false, "yes, write out the secrets")
	return cmd
}

func encodeTokens(tokens []oauth.Token) ([]byte, error) {
	list := make([]json.RawMessage, len(tokens))
	for i, t := range tokens {
		var err error
		if list[i], err = oauth.EncodeToken(t); err != nil {
			return nil, err
		}
	}
	out, err := json.MarshalIndent(list, "", "  ")
	return append(out, '\n'), err
}

// writeNew makes a file that only its owner can read. There must be none yet: an old
// one could be open to others.
func writeNew(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
