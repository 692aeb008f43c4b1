// Package helix calls Twitch's API.
//
// Start with
//
//	tw := helix.New(clientID, manager, helix.Options{}) // an *oauth.Manager
//	user, err := tw.Users.ByLogin(ctx, "ada")
//	sent, err := tw.Chat.SendMessage(ctx, helix.SendChatMessageParams{
//		BroadcasterID: user.ID, SenderID: botID, Message: "hello",
//	})
//
// A [Client] has a field per group of Twitch's reference, with a method per
// operation. Each takes a params struct that is named as Twitch names the
// operation, so that searching for the name in Twitch's reference finds the method.
// Methods named Get return one page of a list, those named All an iterator over
// all of it.
//
// What moderators once did with commands in chat is in [Room], with the names of these
// commands.
//
// # Whose token
//
// Every operation knows which kinds of token it takes and which of its parameters
// must name the token's user ([Endpoint]). The client asks its [TokenSource] for
// the token of that user. Where no user is named, or nothing is known of them and
// an app token does as well, it uses the app token. [Client.As] decides otherwise.
// A refused token is renewed once per call if the source is a [Renewer].
//
// # What can go wrong
//
// Twitch said no: [Error], which also is [ErrUnauthorized], [ErrForbidden],
// [ErrNotFound], [ErrConflict] or [ErrRateLimited]. Nothing was sent, because it
// could not succeed: [ScopeError], [ParamError], [TokenError]. The call was sent,
// and may or may not have been carried out: [ErrUnknownOutcome]. Anything else
// wraps what the network said. No error is a nil result.
//
// # Long lists
//
// Lists of ids, logins and names may be handed over whole: more of them than one
// request takes are fetched in several, a few at a time, and the results come in
// order. A method that returns a page then returns all of it. If one request
// fails, the method fails; where something is deleted, what was deleted before
// comes with the error. [Max] ends a list early.
//
// # Limits
//
// A call waits until Twitch has room for it: for a point of the bucket in which all
// calls with its token are counted, for limits that its endpoint has beside that,
// and for one of [Options].MaxInFlight. Calls with a higher [Priority] are sent first, and
// of equals who came first. What would take longer than ctx's deadline, or for a limit
// of the endpoint's own 10 seconds if there is none, is a [LimitError] at once.
// [Client.Limits] shows the state of all this, [Call].Waits what a call waited for.
//
// # Promises
//
// All methods may be called from several goroutines. A method blocks until the
// answer is there, ctx ends, or trying again is pointless. Calls are repeated after
// failures where repeating cannot do harm: reading, what is marked idempotent, and
// what surely did not reach Twitch. Goroutines that fetch the parts of a long list
// have ended when the method returns; the package starts no others but those of
// net/http. It never logs a token, a parameter or a body.
package helix
