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
		Short: "Writes tokens as JSON, including their secrets",
		Long: `Writes tokens as JSON, including their secrets: those of the named logins, else all.
"larkspur token import" reads them on another machine.

Use each token on one machine only: when one machine renews it, the other may lose it.`,
		Example:           `  larkspur token export larkbot --reveal --file larkbot.json`,
		ValidArgsFunction: completeLogin(p),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !reveal {
				return usageError{errors.New("this prints secrets, which give as much access as passwords; to confirm, add --reveal")}
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
			fmt.Fprintf(p.Stderr, "%s contains the tokens, unencrypted. Delete it when it is no longer needed.\n", file)
			return nil
		},
	}
	f.register(p, cmd, true)
	cmd.Flags().StringVar(&file, "file", "", "write to this new file, readable by you only, instead of standard output")
	cmd.Flags().BoolVar(&reveal, "reveal", false, "confirm that secrets are printed")
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

// writeNew creates a file that only its owner can read. It must not exist yet: others
// might have an old one open.
func writeNew(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
