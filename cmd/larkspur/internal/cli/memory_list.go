package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/skill"
)

// A memoryEntry is a remembered value in an export. The names of its fields do not change.
type memoryEntry struct {
	Channel string          `json:"channel_id"`
	Scope   string          `json:"scope"`
	Name    string          `json:"name"`
	Value   json.RawMessage `json:"value"`
	Expires time.Time       `json:"expires,omitzero"`
}

func newMemoryList(p Process) *cobra.Command {
	var f memoryFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Lists what is remembered",
		Args:  usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, done, err := f.open(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer done()
			scope := ""
			if f.skill != "" || f.userID != "" {
				if scope, err = f.scope(); err != nil {
					return err
				}
			}
			n := 0
			for r, err := range m.All(cmd.Context(), f.channel, scope) {
				if err != nil {
					return err
				}
				n++
				line := fmt.Sprintf("%-24s %-24s %s", cut(r.Key.Scope, maxName), cut(r.Key.Name, maxName), cut(r.Memo.Value, maxQuote*2))
				if !r.Memo.Expires.IsZero() {
					line += "  until " + r.Memo.Expires.Local().Format(time.DateTime)
				}
				fmt.Fprintln(p.Stdout, strings.TrimRight(line, " "))
			}
			if n == 0 {
				fmt.Fprintln(p.Stderr, "nothing is remembered")
			}
			return nil
		},
	}
	f.register(cmd, true)
	return cmd
}

func newMemoryExport(p Process) *cobra.Command {
	var f memoryFlags
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Writes everything as JSON, one object a line",
		Args:  usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, done, err := f.open(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer done()
			for r, err := range m.All(cmd.Context(), f.channel, "") {
				if err != nil {
					return err
				}
				line, err := json.Marshal(memoryEntry{r.Key.Channel, r.Key.Scope, r.Key.Name, json.RawMessage(r.Memo.Value), r.Memo.Expires.UTC()})
				if err != nil {
					return err
				}
				if _, err := p.Stdout.Write(append(escapeHidden(line), '\n')); err != nil {
					return err
				}
			}
			return nil
		},
	}
	f.register(cmd, false)
	return cmd
}

// maxImport is the largest file of an import in bytes.
const maxImport = 1 << 30

func newMemoryImport(p Process) *cobra.Command {
	var f memoryFlags
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Reads what export wrote; values of the same name are replaced",
		Long: `Reads what export wrote, from FILE or, if FILE is -, from standard input. Values of the
same name are replaced. With --channel-id, everything is remembered of that channel.`,
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			var src []byte
			var err error
			if args[0] == "-" {
				src, err = readStdin(p, maxImport)
			} else {
				src, err = readFile(p, args[0])
			}
			if err != nil {
				return err
			}
			var entries []memoryEntry
			number := 0
			for line := range strings.Lines(string(src)) {
				number++
				if strings.TrimSpace(line) == "" {
					continue
				}
				var e memoryEntry
				err := json.Unmarshal([]byte(line), &e)
				if err == nil && (e.Scope == "" || e.Name == "" || len(e.Value) == 0) {
					err = errors.New("scope, name or value is missing")
				}
				if err != nil {
					return usageError{fmt.Errorf("%s:%d: %w; nothing was imported", args[0], number, err)}
				}
				if f.channel != "" {
					e.Channel = f.channel
				}
				entries = append(entries, e)
			}
			m, done, err := f.open(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer done()
			for _, e := range entries {
				k := skill.Key{Channel: e.Channel, Scope: e.Scope, Name: e.Name}
				memo := skill.Memo{Value: string(e.Value), Expires: e.Expires}
				if err := m.Update(cmd.Context(), k, func(skill.Memo) (skill.Memo, error) { return memo, nil }); err != nil {
					return err
				}
			}
			fmt.Fprintf(p.Stderr, "%d values were imported\n", len(entries))
			return nil
		},
	}
	f.register(cmd, false)
	return cmd
}
