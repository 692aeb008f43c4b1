package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/oauth"
)

// The formats of token files.
const (
	fromLarkspur  = "larkspur"
	fromOpsdroid  = "opsdroid"
	fromTwitchIO  = "twitchio"
	fromTwitchCLI = "twitch-cli"
)

func newTokenImport(p Process) *cobra.Command {
	var f appFlags
	var format string
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Imports tokens of another program",
		Long: `Imports tokens of another program: the output of "larkspur token export", opsdroid's
twitch.json, TwitchIO's .tio.tokens.json or the .twitch-cli.env of Twitch's command line.
FILE may be - for standard input.

It asks Twitch which account each token belongs to. The token must have been issued to
the same application: the one of --config or TWITCH_CLIENT_ID. Stop the other program
afterwards: if two programs renew a token, one of them loses it.`,
		Example: `  larkspur token import twitch.json --config larkspur.yaml
  larkspur token import .tio.tokens.json`,
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := openApp(cmd.Context(), p, f)
			if err != nil {
				return err
			}
			data, err := readImport(p, args[0])
			if err != nil {
				return err
			}
			if format == "" {
				format = formatOf(data)
			}
			found, secret, err := decodeTokens(format, data)
			if _, usage := errors.AsType[usageError](err); err != nil && !usage {
				return fmt.Errorf("%w\nTo log in without the file:\n  %s", err, f.command("larkspur login"))
			}
			if err != nil {
				return err
			}
			tokens := a.manager()
			if format == fromTwitchCLI && secret != "" && found[0].ClientID != "" && (a.id == "" || a.id == found[0].ClientID) {
				tokens = a.as(found[0].ClientID, secret) // the file names its own application
			}
			if tokens.Client().ClientID == "" {
				return usageError{errNoClient}
			}
			defer finish(cmd.Context(), p, tokens)
			var errs []error
			for _, t := range found {
				u, err := tokens.Add(cmd.Context(), t)
				if err != nil {
					errs = append(errs, fmt.Errorf("token of user %s: %w", orUnknown(t.UserID), err))
					continue
				}
				fmt.Fprintf(p.Stdout, "%s: stored, has granted %s\n", u.Login, u.Scopes)
			}
			return errors.Join(errs...)
		},
	}
	f.register(p, cmd, true)
	cmd.Flags().StringVar(&format, "format", "", "larkspur, opsdroid, twitchio or twitch-cli (default: detected)")
	complete(cmd, "format", cobra.FixedCompletions([]string{fromLarkspur, fromOpsdroid, fromTwitchIO, fromTwitchCLI}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func orUnknown(userID string) string {
	if userID == "" {
		return "unknown"
	}
	return printable(userID)
}

// maxInput is how much of standard input is read, in bytes.
const maxInput = 16 << 20

func readImport(p Process, file string) ([]byte, error) {
	if file == "-" {
		return readStdin(p, maxInput)
	}
	return readFile(p, file)
}

// formatOf detects which program wrote a file.
func formatOf(data []byte) string {
	data = bytes.TrimSpace(data)
	switch {
	case bytes.HasPrefix(data, []byte("[")):
		return fromLarkspur
	case !bytes.HasPrefix(data, []byte("{")):
		return fromTwitchCLI
	}
	var answer map[string]json.RawMessage
	if json.Unmarshal(data, &answer) == nil {
		for _, v := range answer {
			if bytes.HasPrefix(bytes.TrimSpace(v), []byte("{")) {
				return fromTwitchIO // an object for each user
			}
		}
		if len(answer) == 0 {
			return fromTwitchIO
		}
	}
	return fromOpsdroid
}

var errNothing = errors.New("the file contains no tokens")

func decodeTokens(format string, data []byte) (tokens []oauth.Token, clientSecret oauth.Secret, err error) {
	switch format {
	case fromLarkspur:
		tokens, err = decodeExport(data)
	case fromOpsdroid:
		var t oauth.Token
		t, err = oauth.ReadOpsdroid(bytes.NewReader(data))
		tokens = []oauth.Token{t}
	case fromTwitchIO:
		tokens, err = oauth.ReadTwitchIO(bytes.NewReader(data))
	case fromTwitchCLI:
		var t oauth.Token
		t, clientSecret, err = oauth.ReadTwitchCLI(bytes.NewReader(data))
		tokens = []oauth.Token{t}
	default:
		return nil, "", usageError{fmt.Errorf("unknown format %q; want larkspur, opsdroid, twitchio or twitch-cli", format)}
	}
	if err == nil && len(tokens) == 0 {
		err = errNothing
	}
	return tokens, clientSecret, err
}

func decodeExport(data []byte) ([]oauth.Token, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, errors.New("the file is not the output of larkspur token export") // without err, which may quote a secret
	}
	tokens := make([]oauth.Token, len(list))
	for i, raw := range list {
		var err error
		if tokens[i], err = oauth.DecodeToken(raw); err != nil {
			return nil, errors.New("the file is not the output of larkspur token export")
		}
	}
	return tokens, nil
}
