package irc

import (
	"context"
	"slices"
	"time"
)

// connect dials and starts a link.
func (r *runner) connect(ctx, own context.Context) (*link, error) {
	token, err := r.credentials.take(own)
	if err != nil {
		return nil, err
	}
	r.token = token
	login, err := r.c.names.of(own, token)
	if err != nil {
		return nil, err
	}
	if err := r.c.logins.Wait(own); err != nil {
		return nil, err
	}
	w, err := r.addr.dial(own, &r.c.o)
	if err != nil {
		return nil, err
	}
	caps := "twitch.tv/tags twitch.tv/commands"
	if r.c.o.Membership {
		caps += " twitch.tv/membership"
	}
	l := newLink(r, w, session{login: login, token: token, caps: caps, joins: r.c.joins, roster: r.c.roster})
	r.up = l.up
	if r.old != nil {
		l.hold.before, l.s.old = r.old.done, r.old.done
	}
	r.c.setLinks(func(links []*link) []*link { return append(links, l) })
	go l.run(ctx)
	return l, nil
}

// attend serves a link until it ends. It returns errMoved when the link was told to
// reconnect: then it has become the old one, or was closed if the old one still serves.
func (r *runner) attend(own context.Context, l *link) error {
	ready, up := l.ready, r.up
	for {
		var oldDone <-chan struct{}
		if r.old != nil {
			oldDone = r.old.done
		}
		select {
		case <-up:
			up = nil
			r.accepted()
		case <-ready:
			ready = nil
			r.retire()
		case <-l.moving:
			if up != nil && l.isUp() {
				r.accepted()
			}
			if r.old != nil && (isClosed(r.old.done) || isClosed(l.ready)) {
				r.retire()
			}
			if r.old != nil { // it still serves more channels than the new one
				l.w.close()
				<-l.done
				r.c.drop(l)
				return errMoved
			}
			r.old = l
			r.c.seen.start()
			return errMoved
		case <-oldDone:
			r.retire()
		case <-l.done:
			r.c.drop(l)
			if up != nil && l.login {
				r.accepted()
			}
			return l.err
		case <-own.Done():
			l.w.close()
			<-l.done
			r.c.drop(l)
			return context.Cause(own)
		}
	}
}

// retire ends the old link.
func (r *runner) retire() {
	if r.old == nil {
		return
	}
	r.old.w.close()
	<-r.old.done
	r.c.drop(r.old)
	r.old = nil
	r.c.seen.stopSoon(time.Now())
}

// setLinks changes the list of connections.
func (c *Client) setLinks(edit func([]*link) []*link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.links = edit(slices.Clone(c.links))
}

// drop forgets a link that has ended.
func (c *Client) drop(l *link) {
	c.setLinks(func(links []*link) []*link {
		return slices.DeleteFunc(links, func(other *link) bool { return other == l })
	})
	l.s.leave(time.Now())
}
