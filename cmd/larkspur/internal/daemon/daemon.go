// Package daemon runs a bot from a configuration. It is the only package that
// imports all parts of a bot and connects them.
//
// [Load] checks a configuration, [Run] builds the graph of objects, top to bottom
// in one function, and runs it until the context ends.
package daemon

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"

	"golang.org/x/sync/errgroup"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/skill"
	"github.com/larkspur-dev/larkspur/watch"
)

// Options configure [Run]. The zero value runs against Twitch, and forgets its
// tokens when it ends.
type Options struct {
	Addresses Addresses    // default: TwitchAddresses
	Tokens    oauth.Store  // default: in memory
	Stores    EventStores  // default: in memory
	Memory    skill.Memory // what skills remember; default: in memory
	Observer  Observer
	Logger    *slog.Logger // default: discard

	// LoginFlags are added to the login command in messages, so that it finds the same
	// tokens: "--state DIR", for example.
	LoginFlags string

	HTTPClient *http.Client                                                      // for Helix, OAuth and EventSub; default: one per package
	Dial       func(ctx context.Context, network, addr string) (net.Conn, error) // for chat; default: a net.Dialer

	Listen func(ctx context.Context, network, addr string) (net.Listener, error) // for the web server; default: a net.ListenConfig

	RelayClient *http.Client // for relays over HTTP; default: one for each that refuses private addresses, see package relay
}

func (o Options) withDefaults() Options {
	if o.Addresses == (Addresses{}) {
		o.Addresses = TwitchAddresses()
	}
	if o.Tokens == nil {
		o.Tokens = oauth.NewMemoryStore()
	}
	if o.Listen == nil {
		o.Listen = new(net.ListenConfig).Listen
	}
	o.Logger = quiet.Or(o.Logger)
	return o
}

// The time limits for unfinished work after the context has ended: first waiting
// moderation actions, then the handlers of events.
const (
	actionGrace = time.Second
	stopGrace   = 500 * time.Millisecond
)

// Run runs the bot of a configuration until ctx ends, which is no error. It
// returns an error when the bot cannot start and waiting would not help: a wrong
// client secret, a used code, a channel that does not exist; and when the bot's
// login is revoked. If waiting helps, it waits, and reports that through the
// Observer and the log.
//
// When Run returns, all its goroutines have ended: at most three seconds after ctx,
// unless a token is being renewed, which is finished first.
func Run(ctx context.Context, cfg *Config, o Options) error {
	o = o.withDefaults()
	say := &announcer{log: o.Logger, observer: o.Observer, up: make(chan struct{}), login: strings.TrimSpace(cfg.LoginCommand("") + " " + o.LoginFlags)}
	o.Logger = logOnce(o.Logger)
	for _, note := range cfg.Notes {
		say.note(ctx, note)
	}

	// The accounts: tokens, the API, and the users of the codes.
	lost := make(chan *oauth.LoginError, lostLogins)
	tokens := newTokens(cfg, o, lost)
	defer closeTokens(ctx, tokens, o.Logger)
	tw := helix.New(cfg.Twitch.ClientID, tokens, helix.Options{
		HTTPClient: o.HTTPClient, BaseURL: o.Addresses.Helix, Logger: o.Logger,
	})
	s := &signer{cfg: cfg, tokens: tokens, tw: tw, say: say, lost: lost, flags: o.LoginFlags, said: map[string]string{}}
	who, err := s.signIn(ctx)
	if err != nil {
		return unlessEnded(ctx, err)
	}

	// The actions of the bot.
	relays, err := newRelays(cfg.Relays, o.RelayClient) //nolint:contextcheck // nothing is sent yet
	if err != nil {
		return err
	}
	defer closeRelays(relays)
	var channels []string
	if cfg.Twitch.AlwaysListen {
		channels = []string{who.broadcaster.Login}
	}
	chat := irc.New(irc.Options{
		Login: who.bot.Login, Addr: o.Addresses.IRC, Dial: o.Dial, Logger: o.Logger,
		Channels: channels, Membership: cfg.Skills.Needs().Membership,
		Token: func(ctx context.Context) (string, error) {
			return tokens.FreshToken(ctx, who.bot.ID, time.Minute)
		},
		RenewToken: func(ctx context.Context, stale string) (string, error) {
			return tokens.Renew(ctx, who.bot.ID, stale)
		},
		WaitForLogin: true, // the signer decides whether the bot can go on without a login
		TTL:          cfg.Twitch.ReplyExpiry,
		OnState:      func(s irc.State) { say.chat(ctx, s) },
	})
	voice := newSpeaker(tw, chat, who, tokens, say)
	voice.choose(ctx)
	sender := newSender(voice, cfg)
	actions := newQueues(o.Logger, laneBounds(cfg.Relays), cfg.Twitch.ReplyExpiry, say.warn)
	engine := skill.NewEngine(cfg.Skills, skill.EngineOptions{
		Host:   newHost(tw, sender, relays, skillsClient(o), who),
		UserID: who.bot.ID, ChannelID: who.broadcaster.ID, Memory: o.Memory,
		Logger:   o.Logger,
		Report:   func(r skill.Report) { o.Observer.did(explained(r, who, say.login)) },
		Executor: actions,
		ReplyAge: cfg.Twitch.ReplyExpiry,
	})

	// The sources of events.
	live := newLiveState(who.broadcaster.Login, cfg.Twitch.AlwaysListen, chat, actions, say)
	mux := newMux(cfg, o)
	live.online(mux)
	mux.OnAny(func(ctx context.Context, n eventsub.Notification) error {
		if n.Type != chatType || cfg.hearsChat() { // messages are observed in listen
			o.Observer.event(n)
		}
		_ = engine.Event(ctx, n) // reported
		return nil
	})
	live.offline(mux)
	roles := newRoleExplainer(tw, tokens, who, say)
	web := &webServer{address: cfg.Web.Listen, routes: http.NewServeMux(), listen: o.Listen, log: o.Logger}
	session := newEventSource(cfg, o, tw, mux, eventsub.SessionOptions{
		URL: o.Addresses.EventSub, HTTPClient: o.HTTPClient, Logger: o.Logger, UserID: who.bot.ID,
		WaitForLogin: true, // the signer decides whether the bot can go on without a login
		OnState: func(s eventsub.State) {
			refreshBefore(ctx, tokens, s)
			say.events(ctx, s)
			roles.notice(s)
		},
		OnRevoked: func(e *eventsub.RevokedError) { say.warn(ctx, "Twitch ended a subscription: "+e.Error()) },
	}, web.routes)
	ear := &ircReader{client: chat, who: who, granted: tokens, say: say}
	messages := bot.NewStream(bot.StreamOptions{Logger: o.Logger})
	listen(messages, chat, mux, session, engine, sender, who.bot, o.Observer)
	eventsub.On(mux, func(ctx context.Context, g *eventsub.Gap) error {
		say.gap(ctx, g, cfg.hearsChat() || ear.onlyEventSub(ctx))
		return nil
	})
	if cfg.Twitch.ForwardURL != "" && !usesWebhook(cfg, o) {
		say.warn(ctx, "Twitch cannot reach "+cfg.Twitch.ForwardURL+", so events come over WebSockets; forward-url needs a public https address")
	}
	fit := &fitter{cfg: cfg, store: o.Tokens, tokens: tokens, who: who, say: say, session: session, voice: voice, lost: lost, readsChat: !usesWebhook(cfg, o)}
	fit.fit(ctx)
	stream := watch.New(tw.As(who.bot.ID), []string{who.broadcaster.ID}, watch.Options{Logger: o.Logger, OnChange: live.change})

	work, end := context.WithCancelCause(context.WithoutCancel(ctx))
	defer end(nil)
	g, running := errgroup.WithContext(work)
	g.Go(func() error {
		stopSkills(ctx, running, cfg, engine, actions)
		end(context.Cause(ctx))
		return nil
	})
	g.Go(func() error { return runSkills(running, engine, say.up) })
	g.Go(func() error { announceStop(ctx, running, say); return nil })
	g.Go(func() error { return actions.run(running, actionGrace) })
	g.Go(func() error { return live.run(running) })
	g.Go(func() error { return tokens.Run(running) })
	g.Go(func() error { return s.watch(running, who) })
	g.Go(func() error { return fit.run(running) })
	g.Go(func() error { return ear.run(running) })
	g.Go(func() error { return session.Run(running) })
	if usesWebhook(cfg, o) {
		g.Go(func() error { return web.run(running) })
	}
	g.Go(func() error { return roles.run(running, session.Results) })
	g.Go(func() error { return stream.Run(running) })
	err = g.Wait()
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
	defer cancel()
	if drainErr := mux.Drain(drain); drainErr != nil {
		o.Logger.WarnContext(ctx, "handlers still running", "error", drainErr)
	}
	if drainErr := messages.Drain(drain); drainErr != nil {
		o.Logger.WarnContext(ctx, "handlers of chat still running", "error", drainErr)
	}
	return unlessEnded(ctx, err)
}

// unlessEnded drops the error of work that was cut short because ctx ended.
func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil && !errors.Is(err, errSetup) {
		return nil
	}
	return err
}
