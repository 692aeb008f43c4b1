package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/oauth"
)

// logins compares the scopes that the accounts need with those that they have granted.
func (a *app) logins(ctx context.Context, d *diagnosis, tokens *oauth.Manager, f appFlags, online bool) error {
	checked, unchecked := map[string]error{}, " (not checked: Twitch cannot be reached)"
	if online {
		unchecked = ""
		_, _ = tokens.FinishLogins(ctx) // a failed one is tried again when it is needed
		users, err := tokens.List(ctx)
		if err != nil {
			return err
		}
		checked = a.checkTokens(ctx, tokens, users)
	}
	users, err := tokens.List(ctx) // with the problems that were found
	if err != nil {
		return err
	}
	for _, file := range foreignTokens(ctx, a.cfg, tokens, f) {
		d.add(finding{markWarning, "import", file.String()})
		d.Todo = append(d.Todo, remedy{Command: file.command})
	}
	accounts := a.cfg.Accounts(users, false)
	for _, account := range accounts {
		what := account.Role
		if account.Both {
			what = "channel and bot"
		}
		switch {
		case !account.Ready():
			text := account.Problem()
			if account.Stored != nil && account.Stored.Problem == "" {
				text += ", for: " + strings.Join(forWhat(account.Missing), ", ")
			}
			d.add(finding{markMissing, what, text})
			d.Todo = append(d.Todo, advice(a.cfg, account, len(accounts) > 1, f.again()))
		case checked[account.Stored.ID] != nil:
			d.add(finding{markWrong, what, fmt.Sprintf("the token of %s could not be checked: %v", account.Stored.Login, checked[account.Stored.ID])})
		default:
			d.add(finding{markOK, what, fmt.Sprintf("%s has granted %s%s", account.Stored.Login, account.Granted, unchecked)})
			a.ending(ctx, d, account, len(accounts) > 1, f)
		}
	}
	if online {
		a.role(ctx, d, tokens, accounts)
	}
	return nil
}

// ending warns about a login that works but cannot be renewed.
func (a *app) ending(ctx context.Context, d *diagnosis, account daemon.Account, several bool, f appFlags) {
	t, err := a.store.Load(ctx, account.Stored.ID)
	if err != nil || t.RefreshToken != "" {
		return
	}
	until := "soon"
	if !t.ExpiresAt.IsZero() {
		until = "at " + moment(t.ExpiresAt)
	}
	d.add(finding{markWarning, account.Role, fmt.Sprintf("the token of %s expires %s and cannot be renewed; one from larkspur login can", t.Login, until)})
	account.Login = t.Login
	d.Todo = append(d.Todo, advice(a.cfg, account, several, f.again()))
}

// forWhat lists what an account cannot do, each once.
func forWhat(missing []oauth.Need) []string {
	var names []string
	seen := map[string]bool{}
	for _, n := range missing {
		if !seen[n.For] {
			seen[n.For] = true
			names = append(names, n.For)
		}
	}
	return names
}

// advice says which account must log in, with which command and scopes.
func advice(cfg *daemon.Config, account daemon.Account, several bool, flags string) remedy {
	role, as := "", "the bot's own account"
	if several || account.Ready() { // an account that is ready is asked only if it is named
		role = account.Role
	}
	if account.Login != "" {
		as = account.Login
	}
	return remedy{Command: strings.TrimSpace(cfg.LoginCommand(role) + " " + flags), Login: as, Scopes: account.Scopes}
}

// checkTokens asks Twitch whether the users' tokens are valid, and renews expired ones.
// If Twitch refuses a renewal, the stored login has a Problem afterwards.
func (a *app) checkTokens(ctx context.Context, tokens *oauth.Manager, users []oauth.User) map[string]error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	var mu sync.Mutex
	failed := map[string]error{} // guarded by mu
	var wg sync.WaitGroup
	for _, u := range users {
		if u.Problem != "" {
			continue
		}
		wg.Go(func() {
			if err := checkToken(ctx, tokens, u.ID); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed[u.ID] = err
			}
		})
	}
	wg.Wait()
	return failed
}

func checkToken(ctx context.Context, tokens *oauth.Manager, userID string) error {
	token, err := tokens.Token(ctx, userID)
	if err != nil {
		return err
	}
	_, err = tokens.Client().Validate(ctx, oauth.Secret(token))
	if errors.Is(err, oauth.ErrRevoked) {
		_, err = tokens.Renew(ctx, userID, token)
	}
	return err
}
