package bot

import (
	"errors"
	"fmt"
)

// A Text is a sentence of the framework that a chatter can read, in English, with the
// verbs of [fmt.Sprintf]. Options.Translate gives it another language. Texts of your own
// can be translated in the same way: see [Call.Text].
type Text string

// All texts of the framework.
const (
	TextWrong    Text = "something went wrong (%s)" // the id of the error
	TextUsage    Text = "usage: %s"
	TextCommands Text = "commands: %s"
	TextNone     Text = "there is no command %s"
	TextRefused  Text = "you cannot use %s"

	TextArgument    Text = "%s %s; %s" // name of an argument, one of the following, usage
	TextWhole       Text = "must be a whole number"
	TextPositive    Text = "must be a whole number, zero or more"
	TextNumber      Text = "must be a number"
	TextRange       Text = "is out of range"
	TextBool        Text = "must be on or off"
	TextDuration    Text = "must be a duration like 90s, 10m or 2d"
	TextColor       Text = "must be a colour like #1E90FF"
	TextChoice      Text = "must be one of %s"
	TextUnreadable  Text = "cannot be read"
	TextLogin       Text = "must be the name of a user"
	TextTooMany     Text = "can have %d values at most"
	TextNeedsValue  Text = "needs a value"
	TextUnknownFlag Text = "there is no flag --%s; %s" // usage
	TextUnknownUser Text = "I do not know %s"
)

// Text returns a text in the language of the call: formatted as Options.Translate says,
// or else in English.
func (c *Call) Text(t Text, args ...any) string {
	format := string(t)
	if c.bot.o.Translate != nil {
		if other := c.bot.o.Translate(c, t); other != "" {
			format = other
		}
	}
	return fmt.Sprintf(format, args...)
}

// A textError is an error whose text the chatter gets in their language.
type textError struct {
	text Text
	args []any
}

func (e *textError) Error() string { return fmt.Sprintf(string(e.text), e.args...) }

// told returns the text of an error for the chatter of a call.
func (c *Call) told(err error) string {
	if t, ok := errors.AsType[*textError](err); ok {
		return c.Text(t.text, t.args...)
	}
	return err.Error()
}

// sorry is [Sorry] with a text of the framework.
func (c *Call) sorry(t Text, args ...any) error { return &UserError{Text: c.Text(t, args...)} }

// wrongArgument says what is wrong with an argument, and how the command is used.
func (c *Call) wrongArgument(name string, err error) error {
	return c.sorry(TextArgument, name, c.told(err), c.usageHint())
}
