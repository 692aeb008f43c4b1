package bot

import (
	"errors"
	"fmt"
)

// Group says what all commands below a name have in common: checks, cooldowns, middleware,
// aliases of the name, and what "help" says about it. With
//
//	bot.Group(b, "song", bot.Alias("sr"), bot.Cooldown(5, time.Minute))
//	bot.Command(b, "song", showSong)
//	bot.Command(b, "song add", addSong)
//
// "!song add …" and "!sr add …" call addSong, and "!song" with anything else behind it
// calls showSong, the fallback, which is not needed. Commands need no group: a name of
// several words is enough. A cooldown of a group is shared by its commands.
//
// It returns an error for the same mistakes as [Command].
func Group(r Registrar, name string, options ...Option) error {
	s, err := newSpec(name, options)
	if err != nil {
		return fmt.Errorf("bot: group %q: %w", name, err)
	}
	return r.registerGroup(s)
}

// A Registrar takes commands: a [Bot], or the [Setup] of a component.
type Registrar interface {
	register(cmd *command) error
	registerGroup(s *Spec) error
}

func newSpec(name string, options []Option) (*Spec, error) {
	s := &Spec{Name: name}
	for _, o := range options {
		if o == nil {
			s.wrong = errors.New("an option is nil")
			continue
		}
		o(s)
	}
	return s, s.wrong
}
