package irc

import (
	"errors"
	"fmt"
	"log/slog"
)

// Errors of this package, for errors.Is.
var (
	// ErrLoginFailed means that Twitch refused the token or the login.
	ErrLoginFailed = errors.New("irc: twitch refused the login; the token must be valid, belong to the login and have the scopes chat:read and chat:edit")
	// ErrAnonymous means that the client was made without a token and cannot write.
	ErrAnonymous = errors.New("irc: reading without an account; set Options.Token to write")
	// ErrNotWanted means that the channel is not one of those that the client keeps
	// joined.
	ErrNotWanted = errors.New("irc: not in that channel; join it first")
	// ErrBadLogin means that a string is not a login: a login has only letters, digits
	// and "_".
	ErrBadLogin = errors.New("irc: not a login")
	// ErrRunning means that Run was called while it was running.
	ErrRunning = errors.New("irc: already running")
	// ErrStopped means that Run ended before the call was done.
	ErrStopped = errors.New("irc: stopped")

	// ErrNoAnswer means that Twitch did not answer a JOIN: most likely the channel does not
	// exist.
	ErrNoAnswer = errors.New("irc: no answer to the join; does the channel exist?")
	// ErrTooManyChannels means that Twitch did not answer a JOIN while the account was in
	// Limits.Channels other channels that it does not moderate, which are all that Twitch
	// allows. The client tries again when it has left one, and now and then.
	ErrTooManyChannels = errors.New("irc: no answer to the join; the account is in as many channels as twitch allows where it is not a moderator")
	// ErrJoinLimit means that a channel waits until Twitch's limit of joins allows it.
	ErrJoinLimit = errors.New("irc: waiting for the limit of joins")
	// ErrNotTried means that a channel has not been tried yet, or that its answer is due.
	ErrNotTried = errors.New("irc: not joined yet")
	// ErrNotConnected means that the connection of a channel is not there.
	ErrNotConnected = errors.New("irc: not connected")

	errSilent    = errors.New("irc: no byte for 40 s")
	errNoWelcome = errors.New("irc: no answer to the login")
	errMoved     = errors.New("irc: moved to a new connection")
	errCaps      = errors.New("irc: the server does not know the capabilities twitch.tv/tags and twitch.tv/commands")
)

// A NoticeError is a refusal by Twitch: {"msg_banned", "You are
// permanently banned from talking in ada."}.
type NoticeError struct {
	ID   string // Twitch's msg-id; an open set
	Text string
}

func (e *NoticeError) Error() string { return fmt.Sprintf("irc: %s: %s", e.ID, e.Text) }

// LogValue implements [slog.LogValuer].
func (e *NoticeError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", e.ID), slog.String("text", e.Text))
}
