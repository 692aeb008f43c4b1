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
	"sync"
	"syscall"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// defaultLoginRedirect must be registered with Twitch for --browser.
const defaultLoginRedirect = "http://localhost:4343/oauth/callback"

// browserTime limits a login with the browser: after it, the handler rejects the state.
const browserTime = 10 * time.Minute

// redirectURL returns the address on this machine to which Twitch redirects the browser.
func (f loginFlags) redirectURL(a *app) (*url.URL, error) {
	if a.secret == "" {
		return nil, errors.New("--browser needs the client secret; without one, omit --browser")
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

// localURL parses the address of a page on this machine, with a port and a path.
func localURL(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1" ||
		!isPort(u.Port()) || strings.Trim(u.Path, "/") == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("want an address of this machine with a port and a path, such as %s", defaultLoginRedirect)
	}
	return u, nil
}

// loopback lets the user agree in a browser on this machine, which Twitch redirects to a
// port that only this machine can reach.
func (l *login) loopback(ctx context.Context, ask loginAsk) (oauth.User, error) {
	listeners, err := listenHere(ctx, l.redirect.Port())
	if err != nil {
		return oauth.User{}, err
	}
	wait := newBrowserWait(l.p, ask)
	h, err := oauth.NewHandler(l.tokens, l.redirect.String(), oauth.HandlerOptions{
		Scopes: ask.scopes, Allowed: append(oauth.ScopeSet{}, ask.scopes...),
		Accept: wait.accept, OnLogin: wait.loggedIn, OnFail: wait.failed,
	})
	if err != nil {
		return oauth.User{}, errors.Join(err, closeAll(listeners))
	}
	start, err := url.Parse(h.LoginURL(ask.id, ask.scopes))
	if err != nil {
		return oauth.User{}, errors.Join(err, closeAll(listeners))
	}
	query := start.Query()
	query.Set("force_verify", "true") // the browser may be logged in to Twitch as another account
	start.RawQuery = query.Encode()

	server := &http.Server{Handler: only(h, start.Path, l.redirect.Path), ReadHeaderTimeout: 10 * time.Second}
	var serving sync.WaitGroup
	for _, listener := range listeners {
		serving.Go(func() { _ = server.Serve(listener) }) // http.ErrServerClosed
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second) // for the last page
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
		serving.Wait()
	}()
	until := time.Now().Add(browserTime)
	fmt.Fprintf(l.p.Stdout, "Open   %s\nThe application must have this redirect URL at https://dev.twitch.tv/console: %s\n", start, l.redirect)
	l.openBrowser(ctx, start.String())
	stop := l.countdown(ctx, until)
	defer stop()
	timeout := time.NewTimer(time.Until(until))
	defer timeout.Stop()
	select {
	case u := <-wait.done:
		return u, nil
	case err := <-wait.over:
		return oauth.User{}, err
	case <-ctx.Done():
		return oauth.User{}, ctx.Err()
	case <-timeout.C:
		return oauth.User{}, oauth.ErrDeviceExpired
	}
}

// listenHere listens on a port of this machine, over IPv4 and, if there is, IPv6: a
// program of another user on the other one would receive what browsers send to localhost.
func listenHere(ctx context.Context, port string) ([]net.Listener, error) {
	var lc net.ListenConfig
	first, err := lc.Listen(ctx, "tcp4", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, portTaken(port, err)
	}
	second, err := lc.Listen(ctx, "tcp6", net.JoinHostPort("::1", port))
	if inUse(err) {
		return nil, errors.Join(portTaken(port, err), first.Close())
	}
	if err != nil { // there is no IPv6 here
		return []net.Listener{first}, nil
	}
	return []net.Listener{first, second}, nil
}

// inUse reports whether another program listens on an address.
func inUse(err error) bool {
	const windows = syscall.Errno(10048) // WSAEADDRINUSE, which has no name here
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, windows)
}

func portTaken(port string, err error) error {
	if inUse(err) {
		return fmt.Errorf("port %s is in use by another program; stop that, use another port with --redirect (and register it at https://dev.twitch.tv/console), or omit --browser", port)
	}
	return fmt.Errorf("%w; use another port with --redirect, or omit --browser", err)
}

func closeAll(listeners []net.Listener) error {
	var errs []error
	for _, l := range listeners {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}

// only serves the given paths and answers 404 to others, such as icons.
func only(h http.Handler, paths ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slices.Contains(paths, r.URL.Path) {
			h.ServeHTTP(w, r)
			return
		}
		http.NotFound(w, r)
	})
}
