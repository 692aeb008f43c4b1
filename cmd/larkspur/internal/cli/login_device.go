package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// device lets the user enter a code in any browser.
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
	switch {
	case errors.Is(err, oauth.ErrDeviceExpired) && time.Now().Before(d.ExpiresAt):
		return oauth.User{}, errors.New("the request was denied on Twitch's page; no account was logged in")
	case errors.Is(err, oauth.ErrDeviceExpired) && l.wantsAnother(ctx):
		return l.device(ctx, ask)
	case err != nil:
		return oauth.User{}, err
	}
	// Twitch has issued a token: from here on it is stored or revoked, also after Ctrl-C.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	id, err := client.Validate(ctx, t.AccessToken)
	if err == nil {
		err = ask.accept(id.Login)
		if lacks := ask.scopes.Modern().Difference(id.Scopes); err == nil && len(lacks) > 0 {
			err = fmt.Errorf("%s has not granted %s; nothing was stored", id.Login, lacks)
		}
		if err != nil {
			_ = client.Revoke(ctx, t.AccessToken) // a token that stays expires by itself
			return oauth.User{}, err
		}
	}
	return l.tokens.Add(ctx, t) // asks Twitch again if it could not be reached
}

// large draws a box around a code and spaces its letters.
func (l *login) large(code string) string {
	spaced := strings.Join(strings.Split(strings.ToUpper(printable(code)), ""), " ")
	shown := spaced
	if isTerminal(l.p.Stdout) && wantColor(l.p) {
		shown = "\x1b[1m" + spaced + "\x1b[0m"
	}
	line, gap := strings.Repeat("━", visible(spaced)+6), strings.Repeat(" ", visible(spaced)+6)
	return fmt.Sprintf("       ┏%s┓\n       ┃%s┃\n       ┃   %s   ┃\n       ┃%s┃\n       ┗%s┛\n", line, gap, shown, gap, line)
}

// wantsAnother asks the user at the terminal whether to continue with a new code.
func (l *login) wantsAnother(ctx context.Context) bool {
	if !isTerminal(l.p.Stdin) || !isTerminal(l.p.Stdout) {
		return false
	}
	fmt.Fprintln(l.p.Stdout, "The code has expired. Press Enter for a new one; Ctrl-C stops.")
	line := make(chan error, 1)
	go func() { // reading cannot be interrupted; Ctrl-C ends the process soon
		_, err := l.p.Stdin.Read(make([]byte, 256))
		line <- err
	}()
	select {
	case err := <-line:
		return err == nil
	case <-ctx.Done():
		return false
	}
}
