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
// In a web app, users log in through a [Handler]; [SmallestScopes] computes the scopes to
// request; [OpenSealedFileStore] encrypts the stored tokens.
//
// What the Manager promises:
//
//   - A token is stored before it is handed out, and also before Twitch is asked whose it
//     is, so that a login survives an outage of Twitch at that moment ([ErrUnfinished]).
//   - One renewal at a time per user, across goroutines and across processes that share a
//     store with locks ([FileStore]); all other callers get its result.
//   - A network error is not a refusal: the token stays, and the renewal is retried later.
//   - A 401 of some API is not a refusal either: see [Manager.ValidToken].
//   - A refused token ends in [ErrRevoked] with a [LoginError] that contains which
//     user must log in again and why. It is not requested again in a loop.
//   - A renewal that has begun is finished even if its caller's context ends, because the
//     response may hold the only refresh token there is. It ends within about two minutes:
//     there is a deadline for another process, for Twitch and for the store.
//   - The next process continues what a dead one began: [Manager.Run] renews and finishes
//     logins when it starts.
//
// What no client can promise: a process that is killed between Twitch's response and our
// write loses a refresh token that works only once (those of public clients). The next
// start detects that and reports it.
//
// Everything here is safe for use by several goroutines. Tokens and secrets are of
// type [Secret], which does not print.
package oauth
