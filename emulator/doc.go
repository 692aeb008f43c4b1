// Package emulator is Twitch on localhost: OAuth, Helix, EventSub over
// WebSocket, webhooks and conduits, and chat over IRC, all over one world of
// users and channels.
//
// In a test:
//
//	func TestGreets(t *testing.T) {
//		tw := emulator.Start(t, emulator.Channel("ada"))
//		go runMyBot(t.Context(), tw.HelixURL(), tw.UserToken("mybot", "user:write:chat"))
//
//		tw.Follow("ada", "grace")
//		tw.WantChat(t, "ada", "Welcome, grace!")
//	}
//
// As a program of its own: [New], [Server.Listen], [Server.Close].
//
// What happens through one door is seen through all others: a user banned with
// Helix is silent on IRC, everybody in chat gets CLEARCHAT, and whoever
// subscribed gets channel.ban. The rules are Twitch's: scopes, parameters,
// roles, limits, error bodies. What is not emulated yet answers 501 and names
// itself.
//
// One port serves everything:
//
//	/helix/*              Twitch's API
//	/oauth2/*, /activate  authorization
//	/ws                   EventSub over WebSocket
//	/                     IRC over WebSocket (an Upgrade request), else a page about the server
//	/mock/*, /auth/*      the first two again, where Twitch's own mock server has them
//	/eventsub/subscriptions  the same for EventSub's subscriptions
//	/larkspur/*           control, see below
//	(no HTTP)             IRC over TCP, recognised by its first bytes
//	(TLS)                 all of this again, encrypted with a certificate made at the start
//
// # Control
//
// What viewers do is done by methods of [Server], like [Server.Follow], or with
// POST /larkspur/follow and a body like {"broadcaster": "ada", "user": "grace"}
// from anything that speaks HTTP; GET /larkspur/ lists what there is. Users
// that are named for the first time come into being.
//
// What goes wrong is caused in the same way: [Server.ReconnectEventSub],
// [Server.DropChat], [Server.FailRequests], [Server.RevokeToken] and others.
//
// # Time
//
// The emulator uses package time only. With [InMemory] it touches no network
// and runs inside a testing/synctest bubble.
//
// Methods of a Server may be called from any goroutine. All goroutines of a
// Server have ended when [Server.Close] returns.
package emulator
