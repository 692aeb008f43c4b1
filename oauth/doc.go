// Package oauth logs people in to Twitch and keeps their tokens.
//
// A [Client] speaks the protocol: every flow is one method, usable alone. A
// [Manager] keeps the tokens of any number of users and the app token in a
// [Store], renews them and validates them every hour, as Twitch requires:
//
//	store, err := oauth.OpenFileStore("tokens.json")
//	…
//	tokens := oauth.NewManager(clientID, clientSecret, store, oauth.Options{})
//	user, err := tokens.AddCode(ctx, code, redirectURI) // once, after the person logged in
//	tw := helix.New(clientID, tokens, helix.Options{})
//	err = tokens.Run(ctx) // hourly validation, until ctx ends
//
// In a web app, a [Handler] is where people log in; [SmallestScopes] computes what to
// ask them for; [OpenSealedFileStore] encrypts what is stored.
//
// What the Manager promises:
//
//   - A token is on disk before anybody may use it, and also before Twitch is asked
//     whose it is: a login survives that Twitch is away then ([ErrUnfinished]).
//   - One renewal at a time per user, over goroutines and over processes that
//     share a store with locks ([FileStore]); everybody else gets its result.
//   - A network error is not a refusal: the token stays, and is tried again later.
//   - A refused token ends in [ErrRevoked] with a [LoginError] that says who must log
//     in again and why. It is never asked for in a loop.
//   - A renewal that has begun is finished although the caller went away: its
//     answer may hold the only refresh token there is. Waiting for another process,
//     Twitch and the store have their own time each, about two minutes at most.
//   - What a dead process has begun is taken up by the next one: [Manager.Run] renews
//     and finishes at its start.
//
// What no client can promise: a process killed between Twitch's answer and our
// write loses a refresh token that works only once (public clients). The next start
// notices and says so.
//
// Everything here is safe for use by several goroutines. Tokens and secrets are of
// type [Secret], which does not print.
package oauth
