package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"strings"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A login makes logins, one after another.
type login struct {
	p        Process
	tokens   *oauth.Manager
	before   []oauth.User // who had logged in
	open     bool         // open the browser
	browser  bool         // the code flow, else the device flow
	redirect *url.URL     // of the code flow
}

var errStopped = errors.New("stopped; the login was not made")

// run makes one login. Where somebody turns out to have granted more before, it asks
// once more, for all of it: a new login replaces the old one.
func (l *login) run(ctx context.Context, ask loginAsk) error {
	u, err := l.once(ctx, ask)
	if err != nil {
		return l.explain(ctx, err)
	}
	lost := l.lost(u)
	if len(lost) == 0 || ask.only {
		return nil
	}
	fmt.Fprintf(l.p.Stdout, "\n%s had granted %s before, which the new login has not. So once more, with all of it\n(next time: --user %s --add-scopes; with --only it is given up).\n\n", u.Login, lost, u.Login)
	ask.scopes, ask.who, ask.id = ask.scopes.Union(u.Scopes).Union(lost), u.Login, u.ID
	ask.words = fmt.Sprintf("Log in as %s again.", u.Login)
	if _, err := l.once(ctx, ask); err != nil {
		return fmt.Errorf("%w\n%s is logged in, but without %s", l.explain(ctx, err), u.Login, lost)
	}
	return nil
}

// lost returns what u had granted before and no longer has.
func (l *login) lost(u oauth.User) oauth.ScopeSet {
	for _, b := range l.before {
		if b.ID == u.ID && b.Problem == "" {
			return b.Scopes.Modern().Difference(u.Scopes.Covered())
		}
	}
	return nil
}

// once asks and stores what comes.
func (l *login) once(ctx context.Context, ask loginAsk) (oauth.User, error) {
	fmt.Fprintln(l.p.Stdout, ask.words)
	if ask.who != "" || ask.not != "" {
		fmt.Fprintln(l.p.Stdout, "If your browser is logged in to Twitch as somebody else, open the page in a private window.")
	}
	fmt.Fprintf(l.p.Stdout, "It is asked for: %s\n\n", orNothing(ask.scopes))
	flow := l.device
	if l.browser {
		flow = l.loopback
	}
	u, err := flow(ctx, ask)
	if err != nil {
		return u, err
	}
	fmt.Fprintf(l.p.Stdout, "Logged in: %s has granted %s\n", u.Login, orNothing(u.Scopes))
	return u, nil
}

// orNothing writes scopes so that none of them is seen too.
func orNothing(scopes oauth.ScopeSet) string {
	if len(scopes) == 0 {
		return "nothing but to see who it is"
	}
	return scopes.String()
}

// explain says what to do about a login that did not work.
func (l *login) explain(ctx context.Context, err error) error {
	refusal, refused := errors.AsType[*oauth.Error](err)
	said := ""
	if refused {
		said = strings.ToLower(refusal.Description)
	}
	switch {
	case errors.Is(err, oauth.ErrUnfinished):
		return fmt.Errorf("Twitch agreed to the login, but could not be asked whose it is; it is kept, and finished by the next larkspur login, doctor or run: %w", err) //nolint:staticcheck // Twitch is a name
	case ctx.Err() != nil:
		return errStopped
	case errors.Is(err, oauth.ErrDeviceExpired):
		return errors.New("nobody agreed in time, or somebody said no; run the same command again")
	case strings.Contains(said, "client secret"):
		return errors.New("Twitch does not accept the client secret; copy it again from https://dev.twitch.tv/console") //nolint:staticcheck // Twitch is a name
	case strings.Contains(said, "invalid client"), strings.Contains(said, "client id"):
		return errors.New("Twitch does not know the client id; copy it again from https://dev.twitch.tv/console") //nolint:staticcheck // Twitch is a name
	case onDisk(err):
		return fmt.Errorf("the tokens cannot be stored, so the login was not made; mend that, then run the same command again: %w", err)
	case unreachable(err):
		return fmt.Errorf("Twitch cannot be reached; check the network, a firewall or a proxy, then run the same command again: %w", err) //nolint:staticcheck // Twitch is a name
	}
	return err
}

// onDisk reports whether a file could not be written or read.
func onDisk(err error) bool {
	_, is := errors.AsType[*fs.PathError](err) // a full disk has the methods of a network error, too
	return is
}

// unreachable reports whether there was no answer at all.
func unreachable(err error) bool {
	_, network := errors.AsType[net.Error](err)
	_, answered := errors.AsType[*oauth.Error](err)
	return network && !answered
}
