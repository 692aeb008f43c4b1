module github.com/larkspur-dev/larkspur/bench

go 1.26.0

replace github.com/larkspur-dev/larkspur => ../

require (
	github.com/coder/websocket v1.8.15
	github.com/gempir/go-twitch-irc/v4 v4.2.0
	github.com/joeyak/go-twitch-eventsub/v3 v3.0.0
	github.com/larkspur-dev/larkspur v0.0.0-00010101000000-000000000000
	github.com/nicklaw5/helix/v2 v2.32.0
)

require (
	github.com/adhocore/gronx v1.20.4 // indirect
	github.com/golang-jwt/jwt/v4 v4.5.2 // indirect
)
