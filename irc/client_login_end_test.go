package irc_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/irc"
)

// counted counts requests.
type counted struct {
	http.RoundTripper
	n atomic.Int64
}

func (c *counted) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/validate") {
		c.n.Add(1)
	}
	return c.RoundTripper.RoundTrip(r)
}

func TestLoginIsFilledInFromTheToken(t *testing.T) {
	for _, transport := range []string{"tcp", "websocket"} {
		t.Run(transport, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				options := []emulator.Option{emulator.InMemory(), emulator.NoLimits(), emulator.User("larkspur")}
				for _, name := range numbered(1, 5) {
					options = append(options, emulator.Channel(name))
				}
				tw := emulator.Start(t, options...)
				st := &states{}
				requests := &counted{RoundTripper: tw.HTTPClient().Transport}
				o := inChat(tw, irc.Options{
					Channels: numbered(1, 5), ChannelsPerConnection: 1, OnState: st.add,
					ValidateURL: tw.OAuthURL() + "/validate", HTTPClient: &http.Client{Transport: requests},
				})
				if o.Login = ""; transport == "websocket" {
					o.Addr = tw.IRCWebSocketURL()
				}
				c := start(t, o)
				time.Sleep(time.Second)
				if missing := c.NotJoined(); len(missing) > 0 {
					t.Fatalf("got %v, want all joined", missing)
				}
				tw.DropChat()
				time.Sleep(20 * time.Second)
				synctest.Wait()
				n := 0
				for _, state := range st.take() {
					if state.Kind == irc.Connected {
						n++
						if state.Login != "larkspur" {
							t.Errorf("got login %q, want larkspur", state.Login)
						}
					}
				}
				if n != 10 || requests.n.Load() != 1 {
					t.Errorf("got %d logins and %d requests, want 10 and 1", n, requests.n.Load())
				}
			})
		})
	}
}

// The endpoint answers 401 for a token that Twitch does not accept: no login is attempted.
func TestTokenThatIsNotValidIsRenewedBeforeTheLogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("larkspur"))
		good := tw.UserToken("larkspur", "chat:read", "chat:edit")
		st := &states{}
		var stale []string
		c := irc.New(irc.Options{
			Channels: []string{"ada"}, OnState: st.add, Addr: tw.IRCAddr(), Dial: tw.DialContext, ValidateURL: tw.OAuthURL() + "/validate",
			Token: func(context.Context) (string, error) { return "expired", nil },
			RenewToken: func(_ context.Context, token string) (string, error) {
				stale = append(stale, token)
				return good, nil
			},
		})
		run(t, c)
		time.Sleep(10 * time.Second)
		if got, want := st.text(), "connecting \ndisconnected \nconnecting \nconnected \njoined ada\n"; got != want {
			t.Errorf("got states %q, want %q", got, want)
		}
		if len(stale) != 1 || stale[0] != "expired" {
			t.Errorf("got renewals of %q, want one", stale)
		}
	})
}

// An endpoint that fails says nothing about the token.
func TestValidateEndpointThatIsAwayIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, st := newServer(t), &states{}
		o := s.options(irc.Options{OnState: st.add, HTTPClient: &http.Client{Transport: broken{}}, RenewToken: func(context.Context, string) (string, error) {
			t.Error("the token was renewed")
			return "", errNetwork
		}})
		o.Login = ""
		start(t, o)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		n := 0
		for _, state := range st.take() {
			if state.Kind == irc.Disconnected {
				n++
				if !errors.Is(state.Err, errNetwork) || strings.Contains(state.String(), "secret") {
					t.Errorf("got %v", state)
				}
			}
		}
		if n < 4 || n > 40 || len(s.dialled()) > 0 {
			t.Errorf("got %d attempts and %d connections, want 4 to 40 and none", n, len(s.dialled()))
		}
	})
}

type broken struct{}

func (broken) RoundTrip(*http.Request) (*http.Response, error) { return nil, errNetwork }

func TestTokenRefusedForGoodEndsRun(t *testing.T) {
	old := func(context.Context) (string, error) { return "old", nil }
	lost := func(context.Context, string) (string, error) { return "", lostLoginError{} }
	tests := []struct {
		name     string
		o        irc.Options
		min, max time.Duration
		logins   int
	}{
		{"the renewal is refused", irc.Options{Token: old, RenewToken: lost}, 0, time.Second, 1},
		{"there is no token", irc.Options{Token: func(context.Context) (string, error) { return "", lostLoginError{} }}, 0, time.Second, 0},
		{"there is no renewal", irc.Options{Token: old}, 20 * time.Second, 40 * time.Second, 3},
		{"many connections", irc.Options{Token: old, Channels: numbered(1, 50), ChannelsPerConnection: 5}, 20 * time.Second, 40 * time.Second, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t)
				s.token = "good"
				began := time.Now()
				err := irc.New(s.options(tt.o)).Run(t.Context())
				if took := time.Since(began); took < tt.min || took > tt.max {
					t.Errorf("took %v, want %v to %v", took, tt.min, tt.max)
				}
				var required interface{ LoginRequired() bool }
				if e, ok := errors.AsType[*irc.LoginError](err); !ok || e.Login != "larkspur" || !errors.As(err, &required) || !required.LoginRequired() {
					t.Fatalf("got %v, want a LoginError of larkspur", err)
				}
				if !strings.Contains(err.Error(), "log in again") || strings.Contains(err.Error(), "old,") {
					t.Errorf("got %q, want what to do", err)
				}
				if n := len(s.dialled()); n != tt.logins {
					t.Errorf("got %d logins, want %d", n, tt.logins)
				}
			})
		})
	}
}

// Ten connections that find out at the same time that the token is refused found out once.
func TestTokenThatIsReplacedInTimeDoesNotEndRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.token = "old"
		token := "old"
		c := start(t, s.options(irc.Options{
			Channels: numbered(1, 10), ChannelsPerConnection: 1,
			Token: func(context.Context) (string, error) {
				s.mu.Lock()
				defer s.mu.Unlock()
				return token, nil
			},
		}))
		time.Sleep(time.Minute)
		s.set(func(s *server) {
			s.token = "new"
			for _, conn := range s.conns {
				_ = conn.conn.Close()
			}
		})
		time.Sleep(18 * time.Second)
		s.set(func(*server) { token = "new" })
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if missing := c.NotJoined(); len(missing) > 0 {
			t.Errorf("got %v, want all joined", missing)
		}
	})
}

// Twitch refuses logins during outages too, with other words.
func TestOutageOfLoginsDoesNotEndRun(t *testing.T) {
	for _, text := range []string{"Login unsuccessful", "Error logging in", ""} {
		synctest.Test(t, func(t *testing.T) {
			tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("larkspur"))
			c := irc.New(inChat(tw, irc.Options{Channels: []string{"ada"}}))
			tw.RefuseChatLogins(time.Hour, text)
			run(t, c)
			time.Sleep(time.Hour + 11*time.Minute)
			synctest.Wait()
			if missing := c.NotJoined(); len(missing) > 0 {
				t.Errorf("%q: got %v, want all joined", text, missing)
			}
		})
	}
}

func TestWhisperArrivesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{Channels: numbered(1, 3), ChannelsPerConnection: 1}))
		n := 0
		irc.On(c, func(context.Context, *irc.Whisper) error { n++; return nil })
		run(t, c)
		s.last(3)
		for _, conn := range s.all() {
			conn.send("@message-id=1;thread-id=1_2;user-id=2 :grace!grace@grace.tmi.twitch.tv WHISPER larkspur :psst")
		}
		if n != 1 {
			t.Errorf("got %d whispers, want 1", n)
		}
	})
}
