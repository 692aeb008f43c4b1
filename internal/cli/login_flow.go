package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

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

var errStopped = errors.New("stopped; nobody was logged in")

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
	fmt.Fprintf(l.p.Stdout, "%s\nIt is asked for: %s\n\n", ask.words, ask.scopes)
	flow := l.device
	if l.browser {
		flow = l.loopback
	}
	u, err := flow(ctx, ask)
	if err != nil {
		return u, err
	}
	fmt.Fprintf(l.p.Stdout, "Logged in: %s has granted %s\n", u.Login, u.Scopes)
	return u, nil
}

// device has the person enter a code in any browser.
func (l *login) device(ctx context.Context, ask loginAsk) (oauth.User, error) {
	client := l.tokens.Client()
	d, err := client.StartDevice(ctx, ask.scopes)
	if err != nil {
		return oauth.User{}, err
	}
	fmt.Fprintf(l.p.Stdout, "Open   %s\nand enter this code:\n\n%s\n", d.VerificationURI, l.large(d.UserCode))
	l.openBrowser(ctx, d.VerificationURI)
	stop := l.countdown(ctx, d.ExpiresAt)
	t, err := client.WaitDevice(ctx, d)
	stop()
	if err != nil {
		return oauth.User{}, err
	}
	// Whatever happens now, the login was made: it is kept or taken back.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	id, err := client.Validate(ctx, t.AccessToken)
	if err == nil {
		err = ask.accept(id.Login)
		if lacks := ask.scopes.Modern().Difference(id.Scopes); err == nil && len(lacks) > 0 {
			err = fmt.Errorf("%s has not granted %s; nothing was kept", id.Login, lacks)
		}
		if err != nil {
			_ = client.Revoke(ctx, t.AccessToken) // it ends by itself otherwise
			return oauth.User{}, err
		}
	}
	return l.tokens.Add(ctx, t) // which asks again where Twitch was away
}

// large shows a code so that it is seen at once and read without mistakes.
func (l *login) large(code string) string {
	spaced := strings.Join(strings.Split(strings.ToUpper(printable(code)), ""), " ")
	shown := spaced
	if isTerminal(l.p.Stdout) && wantColor(l.p) {
		shown = "\x1b[1m" + spaced + "\x1b[0m"
	}
	line, gap := strings.Repeat("━", visible(spaced)+6), strings.Repeat(" ", visible(spaced)+6)
	return fmt.Sprintf("       ┏%s┓\n       ┃%s┃\n       ┃   %s   ┃\n       ┃%s┃\n       ┗%s┛\n", line, gap, shown, gap, line)
}

// countdown shows how long the code is still good, until the returned function is called.
func (l *login) countdown(ctx context.Context, until time.Time) (stop func()) {
	if !isTerminal(l.p.Stdout) {
		fmt.Fprintf(l.p.Stdout, "Waiting; there are %s left.\n", timeLeft(until))
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			fmt.Fprintf(l.p.Stdout, "\r\x1b[KWaiting; there are %s left. Ctrl-C stops.", timeLeft(until))
			select {
			case <-ctx.Done():
				fmt.Fprint(l.p.Stdout, "\r\x1b[K")
				return
			case <-tick.C:
			}
		}
	}()
	return func() { cancel(); <-done }
}

// timeLeft writes 29:59.
func timeLeft(until time.Time) string {
	left := max(0, time.Until(until).Round(time.Second))
	return fmt.Sprintf("%d:%02d", int(left.Minutes()), int(left.Seconds())%60)
}

// explain says what to do about a login that did not work.
func (l *login) explain(ctx context.Context, err error) error {
	refusal, refused := errors.AsType[*oauth.Error](err)
	said := ""
	if refused {
		said = strings.ToLower(refusal.Description)
	}
	switch {
	case ctx.Err() != nil:
		return errStopped
	case errors.Is(err, oauth.ErrDeviceExpired):
		return errors.New("nobody agreed in time, or somebody said no; run the same command again")
	case strings.Contains(said, "client secret"):
		return errors.New("Twitch does not accept the client secret; copy it again from https://dev.twitch.tv/console") //nolint:staticcheck // Twitch is a name
	case strings.Contains(said, "invalid client"), strings.Contains(said, "client id"):
		return errors.New("Twitch does not know the client id; copy it again from https://dev.twitch.tv/console") //nolint:staticcheck // Twitch is a name
	}
	return err
}
