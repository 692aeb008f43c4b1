package connection

// Close codes of EventSub WebSockets.
// https://dev.twitch.tv/docs/eventsub/handling-websocket-events/#close-message
const (
	CodeNormal       = 1000
	CodeInternal     = 4000
	CodeInbound      = 4001
	CodePingPong     = 4002
	CodeUnused       = 4003
	CodeGraceExpired = 4004
	CodeTimeout      = 4005
	CodeNetwork      = 4006
	CodeBadReconnect = 4007
	CodeNone         = -1 // the connection broke without a close frame
)
