package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/larkspur-dev/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/oauth"
)

// logins compares what the accounts must grant with what they have granted. todo is
// what people have to run.
func (a *app) logins(ctx context.Context, tokens *oauth.Manager, f appFlags, online bool) (findings []finding, todo []string, err error) {
	users, err := tokens.List(ctx)
	if err != nil {
		return nil, nil, err
	}
	checked := map[string]error{}
	if online {
		if checked = a.checkTokens(ctx, tokens, users); len(users) > 0 {
			if users, err = tokens.List(ctx); err != nil { // with what was found out
				return nil, nil, err
			}
		}
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
			findings = append(findings, finding{markMissing, what, text})
			todo = append(todo, advice(a.cfg, account, len(accounts) > 1, f.again()))
		case checked[account.Stored.ID] != nil:
			findings = append(findings, finding{markWrong, what, fmt.Sprintf("the token of %s could not be checked: %v", account.Stored.Login, checked[account.Stored.ID])})
		default:
			findings = append(findings, finding{markOK, what, fmt.Sprintf("%s has granted %s", account.Stored.Login, account.Scopes)})
		}
	}
	return findings, todo, nil
}

// forWhat names what an account cannot do, each once.
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

// advice says who must log in, how, and what it is asked for.
func advice(cfg *daemon.Config, account daemon.Account, several bool, flags string) string {
	role, as := "", "the bot's own account"
	if several {
		role = account.Role
	}
	if account.Login != "" {
		as = account.Login
	}
	return fmt.Sprintf("  %s\n      and log in as %s, to grant %s\n",
		strings.TrimSpace(cfg.LoginCommand(role)+" "+flags), as, account.Scopes)
}

// checkTokens asks Twitch whether the users' tokens are good. Those that are over are
// renewed; what Twitch refuses for good the store knows afterwards.
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
