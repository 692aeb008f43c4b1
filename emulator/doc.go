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
// All interfaces share one state: a user banned with Helix cannot write on IRC,
// all connections in the chat get CLEARCHAT, and subscribers of channel.ban get
// the event. The emulator checks what Twitch checks, and answers with Twitch's
// error bodies: scopes, parameters, roles, limits.
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
// Methods of [Server], like [Server.Follow], do what viewers do. Programs in other
// languages send POST /larkspur/follow with a body like
// {"broadcaster": "ada", "user": "grace"}; GET /larkspur/ and [Verbs] list all verbs, and
// "larkspur emulator ctl" sends them from a shell. A user who is named for the first time
// is created.
//
// [Server.Trigger] sends an event of any type, with values that Twitch could have sent, to
// the subscriptions that it matches, without anything happening in the world.
//
// Failures are caused in the same way:
//
//   - of requests: [Server.FailRequests]
//   - of tokens: [Server.ExpireTokens], [Server.RevokeToken], [Server.Disconnect]
//   - of chat: [Server.ReconnectChat], [Server.DropChat]
//   - of EventSub's connections: [Server.ReconnectEventSub], [Server.CloseEventSub],
//     [Server.DropEventSub], [Server.CutEventSub], [Server.SilenceEventSub],
//     [Server.HalfOpenEventSub], [Server.WithholdWelcome]
//   - of EventSub's deliveries over every transport: duplicates, delays, events that overtake
//     each other, webhooks whose posts or responses are lost: [Server.DisturbEventSub]
//   - of subscriptions: [Server.RevokeEventSub], [Server.RevokeSubscription]
//   - of conduits: [Server.DisableShard], [Server.RefuseShards]
//
// What Twitch does about a failing client happens by itself: close codes 4001 to 4004 and 4007,
// webhooks that are called again and given up, events that go to another shard of a
// conduit, once. [Server.EventSubCounts] tells what got lost on the way. Faults that choose
// at random have a seed and repeat their choices.
//
// # Time
//
// The emulator uses package time only. With [InMemory] it touches no network
// and runs inside a testing/synctest bubble.
//
// Methods of a Server may be called from any goroutine. All goroutines of a
// Server have ended when [Server.Close] returns.
package emulator
