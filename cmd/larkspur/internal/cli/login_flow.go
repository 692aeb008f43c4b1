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
	before   []oauth.User // the accounts that had logged in
	open     bool         // open the browser
	browser  bool         // the code flow, else the device flow
	redirect *url.URL     // of the code flow
}

var errStopped = errors.New("stopped; no account was logged in")

// run makes one login. If the account turns out to have granted more scopes before, it
// asks again for all of them, since the new login replaces the old one.
func (l *login) run(ctx context.Context, ask loginAsk) error {
	u, err := l.once(ctx, ask)
	if err != nil {
		return l.explain(ctx, err)
	}
	lost := l.lost(u)
	if len(lost) == 0 || ask.only {
		return nil
	}
	fmt.Fprintf(l.p.Stdout, "\n%s had granted %s before, and the new login lacks it. Please log in again, with all scopes.\n(To avoid this, use --user %s --add-scopes; to give them up, use --only.)\n\n", u.Login, lost, u.Login)
	ask.scopes, ask.who, ask.id = ask.scopes.Union(u.Scopes).Union(lost), u.Login, u.ID
	ask.words = fmt.Sprintf("Log in as %s again.", u.Login)
	if _, err := l.once(ctx, ask); err != nil {
		return fmt.Errorf("%w\n%s is logged in, but without %s", l.explain(ctx, err), u.Login, lost)
	}
	return nil
}

// lost returns the scopes that u had granted before and no longer has.
func (l *login) lost(u oauth.User) oauth.ScopeSet {
	for _, b := range l.before {
		if b.ID == u.ID && b.Problem == "" {
			return b.Scopes.Modern().Difference(u.Scopes.Covered())
		}
	}
	return nil
}

// once makes one login and stores its token.
func (l *login) once(ctx context.Context, ask loginAsk) (oauth.User, error) {
	fmt.Fprintln(l.p.Stdout, ask.words)
	if ask.who != "" || ask.not != "" {
		fmt.Fprintln(l.p.Stdout, "If your browser is logged in to Twitch as another account, open the page in a private window.")
	}
	fmt.Fprintf(l.p.Stdout, "Requesting scopes: %s\n\n", orNothing(ask.scopes))
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

// orNothing formats scopes, also if there are none.
func orNothing(scopes oauth.ScopeSet) string {
	if len(scopes) == 0 {
		return "none (the login only shows which account it is)"
	}
	return scopes.String()
}

// explain says what to do about a failed login.
func (l *login) explain(ctx context.Context, err error) error {
	refusal, refused := errors.AsType[*oauth.Error](err)
	said := ""
	if refused {
		said = strings.ToLower(refusal.Description)
	}
	switch {
	case errors.Is(err, oauth.ErrUnfinished):
		return fmt.Errorf("Twitch accepted the login, but then did not say whose it is; it is kept, and the next larkspur login, doctor or run completes it: %w", err) //nolint:staticcheck // Twitch is a name
	case ctx.Err() != nil:
		return errStopped
	case errors.Is(err, oauth.ErrDeviceExpired):
		return errors.New("the code expired or the request was denied; run the same command again")
	case strings.Contains(said, "client secret"):
		return errors.New("Twitch does not accept the client secret; copy it again from https://dev.twitch.tv/console") //nolint:staticcheck // Twitch is a name
	case strings.Contains(said, "invalid client"), strings.Contains(said, "client id"):
		return errors.New("Twitch does not know the client id; copy it again from https://dev.twitch.tv/console") //nolint:staticcheck // Twitch is a name
	case onDisk(err):
		return fmt.Errorf("the tokens cannot be stored, so no account was logged in; fix that, then run the same command again: %w", err)
	case unreachable(err):
		return fmt.Errorf("Twitch cannot be reached; check the network, a firewall or a proxy, then run the same command again: %w", err) //nolint:staticcheck // Twitch is a name
	}
	return err
}

// onDisk reports whether err is about a file.
func onDisk(err error) bool {
	_, is := errors.AsType[*fs.PathError](err) // checked first: a full disk also implements net.Error
	return is
}

// unreachable reports whether the network failed, so that there was no answer.
func unreachable(err error) bool {
	_, network := errors.AsType[net.Error](err)
	_, answered := errors.AsType[*oauth.Error](err)
	return network && !answered
}
