package cli

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/skill"
)

func newMemoryGet(p Process) *cobra.Command {
	var f memoryFlags
	cmd := &cobra.Command{
		Use:   "get NAME",
		Short: "Prints a value as JSON; exit code 1 if there is none",
		Args:  usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, done, err := f.open(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer done()
			k, err := f.key(cmd.Context(), m, args[0])
			if err != nil {
				return err
			}
			memo, err := m.Get(cmd.Context(), k)
			if err != nil {
				return err
			}
			if memo.Value == "" {
				return fmt.Errorf("nothing is remembered by the name %q; larkspur memory list shows all", printable(args[0]))
			}
			_, err = p.Stdout.Write(append(escapeHidden([]byte(memo.Value)), '\n'))
			return err
		},
	}
	f.register(cmd, true)
	return cmd
}

func newMemorySet(p Process) *cobra.Command {
	var f memoryFlags
	cmd := &cobra.Command{
		Use:     "set NAME VALUE",
		Short:   "Remembers a value",
		Example: `  larkspur memory set deaths 12 --skill death-counter`,
		Args:    usageArgs(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, done, err := f.open(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer done()
			k, err := f.key(cmd.Context(), m, args[0])
			if err != nil {
				return err
			}
			value := args[1]
			if !json.Valid([]byte(value)) {
				value = strconv.Quote(value)
				if text, err := json.Marshal(args[1]); err == nil {
					value = string(text)
				}
			}
			return m.Update(cmd.Context(), k, func(skill.Memo) (skill.Memo, error) { return skill.Memo{Value: value}, nil })
		},
	}
	f.register(cmd, true)
	return cmd
}

func newMemoryDelete(p Process) *cobra.Command {
	var f memoryFlags
	cmd := &cobra.Command{
		Use:   "delete NAME",
		Short: "Forgets a value",
		Args:  usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, done, err := f.open(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer done()
			k, err := f.key(cmd.Context(), m, args[0])
			if err != nil {
				return err
			}
			known := false
			err = m.Update(cmd.Context(), k, func(old skill.Memo) (skill.Memo, error) {
				known = old.Value != ""
				return skill.Memo{}, nil
			})
			if err == nil && !known {
				err = fmt.Errorf("nothing is remembered by the name %q; larkspur memory list shows all", printable(args[0]))
			}
			return err
		},
	}
	f.register(cmd, true)
	return cmd
}
