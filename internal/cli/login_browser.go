package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// defaultLoginRedirect is what has to be registered with Twitch for --browser.
const defaultLoginRedirect = "http://localhost:4343/oauth/callback"

// browserTime is how long the code flow waits; the handler forgets a login then.
const browserTime = 10 * time.Minute

// redirectURL returns where Twitch sends the browser back to: a port of this machine.
func (f loginFlags) redirectURL(a *app) (*url.URL, error) {
	if a.secret == "" {
		return nil, errors.New("--browser needs the client secret; without one, leave --browser out")
	}
	if f.redirect == "" && a.cfg != nil {
		if u, err := localURL(a.cfg.Twitch.Redirect); err == nil {
			return u, nil
		}
	}
	if f.redirect == "" {
		return localURL(defaultLoginRedirect)
	}
	u, err := localURL(f.redirect)
	if err != nil {
		return nil, fmt.Errorf("--redirect: %w", err)
	}
	return u, nil
}

// localURL reads the address of a page on this machine, with a port and a path.
func localURL(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1" ||
		!isPort(u.Port()) || strings.Trim(u.Path, "/") == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("want an address of this machine with a port and a path, such as %s", defaultLoginRedirect)
	}
	return u, nil
}

// loopback has the person agree in the browser of this machine, which comes back to
// us. Only this machine can reach the port.
func (l *login) loopback(ctx context.Context, ask loginAsk) (oauth.User, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", l.redirect.Port()))
	if err != nil {
		return oauth.User{}, fmt.Errorf("%w; use another port with --redirect, or leave --browser out", err)
	}
	done := make(chan oauth.User, 1)
	h, err := oauth.NewHandler(l.tokens, l.redirect.String(), oauth.HandlerOptions{
		Scopes: ask.scopes,
		Accept: func(_ context.Context, id oauth.Identity) error { return l.refuse(ask.accept(id.Login)) },
		OnLogin: func(w http.ResponseWriter, _ *http.Request, u oauth.User) {
			loginPage(w)
			select {
			case done <- u:
			default: // it has two windows
			}
		},
	})
	if err != nil {
		return oauth.User{}, errors.Join(err, listener.Close())
	}
	start, err := url.Parse(h.LoginURL(ask.id, ask.scopes))
	if err != nil {
		return oauth.User{}, errors.Join(err, listener.Close())
	}
	query := start.Query()
	query.Set("force_verify", "true") // the browser may be logged in to Twitch as somebody else
	start.RawQuery = query.Encode()

	server := &http.Server{Handler: only(h, start.Path, l.redirect.Path), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan struct{})
	go func() { defer close(served); _ = server.Serve(listener) }() // http.ErrServerClosed
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second) // for the last page
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
		<-served
	}()
	until := time.Now().Add(browserTime)
	fmt.Fprintf(l.p.Stdout, "Open   %s\nThe application must have this redirect URL at https://dev.twitch.tv/console: %s\n", start, l.redirect)
	l.openBrowser(ctx, start.String())
	stop := l.countdown(ctx, until)
	defer stop()
	timeout := time.NewTimer(time.Until(until))
	defer timeout.Stop()
	select {
	case u := <-done:
		return u, nil
	case <-ctx.Done():
		return oauth.User{}, ctx.Err()
	case <-timeout.C:
		return oauth.User{}, oauth.ErrDeviceExpired
	}
}

// refuse tells the terminal too why a login was refused; the person may try again.
func (l *login) refuse(err error) error {
	if err != nil {
		fmt.Fprintf(l.p.Stdout, "%v: the address above still works.\n", err)
	}
	return err
}

// only serves two paths and nothing else, such as the icons that browsers ask for.
func only(h http.Handler, paths ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slices.Contains(paths, r.URL.Path) {
			h.ServeHTTP(w, r)
			return
		}
		http.NotFound(w, r)
	})
}

// loginPage says that it worked. It holds nothing that came in the address.
func loginPage(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("You are logged in. Close this window and go back to the terminal.\n")) // who has gone away needs no page
}
