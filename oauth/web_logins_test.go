package oauth_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

func TestLoginsAreFinishedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logins oauth.Logins
		begin := func() (string, oauth.Secret) {
			return logins.Begin(oauth.Login{Scopes: oauth.NewScopeSet("chat:read"), UserID: "123"})
		}
		state, browser := begin()
		l, err := logins.Finish(state, browser)
		if err != nil || l.UserID != "123" || l.Scopes.String() != "chat:read" {
			t.Errorf("got %v, %v, want the login that began", l, err)
		}
		if _, err := logins.Finish(state, browser); !errors.Is(err, oauth.ErrState) {
			t.Errorf("got %v for a used state, want ErrState", err)
		}

		state, browser = begin()
		foreign, other := begin()
		if _, err := logins.Finish(foreign, browser); !errors.Is(err, oauth.ErrState) {
			t.Errorf("got %v for another browser's state, want ErrState", err)
		}
		if _, err := logins.Finish(foreign, other); !errors.Is(err, oauth.ErrState) {
			t.Errorf("got %v for a state that was tried in another browser, want ErrState", err)
		}
		time.Sleep(10*time.Minute - time.Second)
		late, laterBrowser := begin()
		if _, err := logins.Finish(state, browser); err != nil {
			t.Errorf("got %v after 9:59, want none", err)
		}
		time.Sleep(10 * time.Minute)
		if _, err := logins.Finish(late, laterBrowser); !errors.Is(err, oauth.ErrState) {
			t.Errorf("got %v after ten minutes, want ErrState", err)
		}
		for _, wrong := range []string{"", "x", strings.Repeat("x", 1<<20)} {
			if _, err := logins.Finish(wrong, oauth.Secret(wrong)); !errors.Is(err, oauth.ErrState) {
				t.Errorf("got %v, want ErrState", err)
			}
		}
		if text := fmt.Sprintf("%+v", &logins); text != "oauth.Logins" {
			t.Errorf("got %s", text)
		}
	})
}

// Any visitor can begin any number of logins; only the newest are kept.
func TestLoginsAreBounded(t *testing.T) {
	var logins oauth.Logins
	first, firstBrowser := logins.Begin(oauth.Login{})
	var last string
	var lastBrowser oauth.Secret
	for range 10_000 {
		last, lastBrowser = logins.Begin(oauth.Login{})
	}
	if _, err := logins.Finish(first, firstBrowser); !errors.Is(err, oauth.ErrState) {
		t.Errorf("got %v for the oldest, want ErrState", err)
	}
	if _, err := logins.Finish(last, lastBrowser); err != nil {
		t.Errorf("got %v for the newest, want none", err)
	}
	for range 30_000 { // finished ones behind one that is not
		if _, err := logins.Finish(logins.Begin(oauth.Login{})); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLoginIsFinishedByOneOfMany(t *testing.T) {
	var logins oauth.Logins
	state, browser := logins.Begin(oauth.Login{})
	var finished atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := logins.Finish(state, browser); err == nil {
				finished.Add(1)
			}
		})
	}
	wg.Wait()
	if n := finished.Load(); n != 1 {
		t.Errorf("got %d who finished, want 1", n)
	}
}
