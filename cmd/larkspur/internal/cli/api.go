package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// apiFlags are the flags of `larkspur api`.
type apiFlags struct {
	app    appFlags
	query  []string
	data   string
	as     string
	all    bool
	output string
}

// The forms of output.
const (
	asJSON  = "json"
	asTable = "table"
)

func newAPI(p Process) *cobra.Command {
	var f apiFlags
	cmd := &cobra.Command{
		Use:   "api METHOD PATH",
		Short: "Calls any endpoint of Twitch's API with a stored token",
		Long: `Calls any endpoint of Twitch's API with a stored token, and prints the answer.

METHOD and PATH are those of Twitch's reference; "larkspur api list" shows them.
The application is that of TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET, or of --config.
If Twitch requires the token of a user whom the parameters name, that token is used, else
the token of the application. --as chooses another user who has logged in.

Parameters are checked before anything is sent. Exit codes: 0 done, 1 Twitch refused the
call or could not be reached, 2 the command line is wrong; then nothing was sent.`,
		Example: `  larkspur api GET /users -q login=ada
  larkspur api GET /streams -q game_id=509658 -q language=de --all --output table
  larkspur api PATCH /channels -q broadcaster_id=141981764 -d '{"title":"Chess until I lose"}'
  larkspur api POST /eventsub/subscriptions -d @subscription.json
  larkspur api list moderator`,
		Args:              usageArgs(cobra.ExactArgs(2)),
		ValidArgsFunction: completeEndpoint,
		RunE: func(cmd *cobra.Command, args []string) error {
			params, err := f.params(p, args[0], args[1])
			if err != nil {
				return usageError{err}
			}
			session, err := openAPI(cmd.Context(), p, f.app)
			if err != nil {
				return err
			}
			return runAPI(cmd.Context(), p, f, session, params)
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVarP(&f.query, "query", "q", nil, "a parameter, as NAME=VALUE; may be given several times")
	flags.StringVarP(&f.data, "data", "d", "", "the body, as JSON; @FILE reads it from a file, @- from standard input")
	flags.StringVar(&f.as, "as", "", "login or id of the user whose token is used")
	flags.BoolVar(&f.all, "all", false, "fetch all pages")
	f.app.register(p, cmd, true)
	outputFlag(cmd, &f.output, asJSON)
	complete(cmd, "query", completeParam)
	complete(cmd, "as", completeLogin(p))
	cmd.AddCommand(newAPIList(p))
	return cmd
}

// outputFlag adds --output to a command.
func outputFlag(cmd *cobra.Command, output *string, otherwise string) {
	cmd.Flags().StringVarP(output, "output", "o", otherwise, "json or table")
	complete(cmd, "output", cobra.FixedCompletions([]string{asJSON, asTable}, cobra.ShellCompDirectiveNoFileComp))
}

func checkOutput(output string) error {
	if output != asJSON && output != asTable {
		return fmt.Errorf("unknown output %q; want json or table", output)
	}
	return nil
}

// params parses the endpoint to call and its parameters.
func (f apiFlags) params(p Process, method, path string) (*apiParams, error) {
	if err := checkOutput(f.output); err != nil {
		return nil, err
	}
	endpoint, inPath, err := findEndpoint(method, path)
	if err != nil {
		return nil, err
	}
	if f.all && !endpoint.Paginated {
		return nil, fmt.Errorf("%s has no pages; leave out --all", endpoint.Name)
	}
	body, err := readData(p, f.data)
	if err != nil {
		return nil, err
	}
	params, err := newAPIParams(endpoint, slices.Concat(inPath, f.query), body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", endpoint.Name, err)
	}
	if missing := params.missing(); missing != nil {
		return nil, fmt.Errorf("%s needs %s; to see its parameters, run:\n  larkspur api list %s --output json", endpoint.Name, strings.Join(missing, ", "), endpoint.ID)
	}
	return params, nil
}

// runAPI makes one call, or with --all as many as there are pages.
func runAPI(ctx context.Context, p Process, f apiFlags, s *apiSession, params *apiParams) error {
	defer finish(ctx, p, s.tokens)
	err := s.become(ctx, f.as)
	out := newAnswerWriter(p.Stdout, f.output)
	switch {
	case err != nil:
	case f.all:
		err = everyPage(ctx, s, params, out, newProgress(p))
	default:
		err = oneCall(ctx, s, params, out, p)
	}
	return s.explain(ctx, params.endpoint, err)
}

// oneCall makes a call and prints its answer. At a terminal, it reports an empty answer.
func oneCall(ctx context.Context, s *apiSession, params *apiParams, out *answerWriter, p Process) error {
	answer, err := s.call(ctx, params)
	if err != nil {
		return err
	}
	if err := out.answer(answer); err != nil {
		return err
	}
	if !out.wrote && isTerminal(p.Stderr) {
		fmt.Fprintf(p.Stderr, "%s: done\n", params.endpoint.Name)
	}
	return nil
}

// readData returns the body given with -d, or nil if there is none.
func readData(p Process, data string) ([]byte, error) {
	name, isFile := strings.CutPrefix(data, "@")
	switch {
	case data == "":
		return nil, nil
	case !isFile:
		return []byte(data), nil
	case name == "-":
		return readStdin(p, maxInput)
	case name == "":
		return nil, errors.New("-d @ needs a file name, or - for standard input")
	}
	body, err := readFile(p, name)
	if err != nil {
		return nil, fmt.Errorf("-d: %w", err)
	}
	return body, nil
}
