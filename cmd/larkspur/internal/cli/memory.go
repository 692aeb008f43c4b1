package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/store"
	"github.com/larkspur-dev/larkspur/skill"
)

// memoryFlags say where the memory is, and which part of it is meant.
type memoryFlags struct {
	state         string
	channel       string // id
	skill, userID string
}

func newMemoryCommand(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "memory",
		Short: "Shows and changes what skills remember",
		Long: `Shows and changes what skills remember: counters, lists, points and so on.

A value belongs to a skill (--skill NAME), to a user (--user-id ID), or to the channel
without either. Values are JSON; what is not JSON is a text. The bot may run meanwhile.`,
		Example: `  larkspur memory list
  larkspur memory get deaths --skill death-counter
  larkspur memory set deaths 12 --skill death-counter
  larkspur memory export > memory.json`,
		Args: noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newMemoryList(p), newMemoryGet(p), newMemorySet(p), newMemoryDelete(p), newMemoryExport(p), newMemoryImport(p))
	return cmd
}

// register adds the flags. Those that name a part are left out of commands about all.
func (f *memoryFlags) register(cmd *cobra.Command, part bool) {
	flags := cmd.Flags()
	flags.StringVar(&f.state, "state", "", "state directory (or LARKSPUR_STATE; default: ~/.local/state/larkspur)")
	flags.StringVar(&f.channel, "channel-id", "", "id of the channel (default: the only one)")
	if part {
		flags.StringVar(&f.skill, "skill", "", "what this skill remembers")
		flags.StringVar(&f.userID, "user-id", "", "what is remembered of this user")
	}
}

// open opens the database. Close it with the returned function.
func (f *memoryFlags) open(ctx context.Context, p Process) (*store.Memory, func(), error) {
	dir, err := stateDir(p, f.state)
	if err != nil {
		return nil, nil, err
	}
	db, err := store.Open(ctx, filepath.Join(dir, databaseName))
	if err != nil {
		return nil, nil, err
	}
	return db.Memory(), func() { _ = db.Close() }, nil // what was written is on the disk
}

// scope returns the scope that the flags name.
func (f *memoryFlags) scope() (string, error) {
	switch {
	case f.skill != "" && f.userID != "":
		return "", usageError{errors.New("--skill and --user-id exclude each other")}
	case f.skill != "":
		return "skill/" + f.skill, nil
	case f.userID != "":
		return "user/" + f.userID, nil
	}
	return "channel", nil
}

// key returns the key of a name. Without --channel-id it is that of the only channel that
// something is remembered of.
func (f *memoryFlags) key(ctx context.Context, m *store.Memory, name string) (skill.Key, error) {
	scope, err := f.scope()
	if err != nil {
		return skill.Key{}, err
	}
	k := skill.Key{Channel: f.channel, Scope: scope, Name: name}
	if k.Channel != "" {
		return k, nil
	}
	for r, err := range m.All(ctx, "", "") {
		switch {
		case err != nil:
			return k, err
		case k.Channel == "":
			k.Channel = r.Key.Channel
		case k.Channel != r.Key.Channel:
			return k, usageError{fmt.Errorf("there are several channels; name one with --channel-id, such as %s or %s", k.Channel, r.Key.Channel)}
		}
	}
	if k.Channel == "" {
		return k, usageError{errors.New("nothing is remembered yet; name the channel with --channel-id")}
	}
	return k, nil
}
