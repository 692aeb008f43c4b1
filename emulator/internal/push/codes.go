package push

import "github.com/coder/websocket"

// A closing is how a session ends: the close code for its client, and the new status of
// its subscriptions.
type closing struct {
	code   websocket.StatusCode
	reason string
	status string // of the subscriptions
}

// Twitch's close codes.
var (
	closeInternal  = closing{4000, "internal server error", "websocket_internal_error"}
	closeInbound   = closing{4001, "client sent inbound traffic", "websocket_received_inbound_traffic"}
	closePingPong  = closing{4002, "client failed ping-pong", "websocket_failed_ping_pong"}
	closeUnused    = closing{4003, "connection unused", "websocket_connection_unused"}
	closeGrace     = closing{4004, "client reconnect grace time expired", "websocket_failed_to_reconnect"}
	closeTimeout   = closing{4005, "network timeout", "websocket_network_timeout"}
	closeNetwork   = closing{4006, "network error", "websocket_network_error"}
	closeReconnect = closing{4007, "invalid reconnect", "websocket_failed_to_reconnect"}
	// closeLeft is no code of Twitch: the client went away by itself.
	closeLeft = closing{websocket.StatusNormalClosure, "", "websocket_disconnected"}
)

// closings are those that have a code of Twitch.
var closings = []closing{closeInternal, closeInbound, closePingPong, closeUnused, closeGrace, closeTimeout, closeNetwork, closeReconnect}

func closeOf(code int) closing {
	for _, known := range closings {
		if int(known.code) == code {
			return known
		}
	}
	return closing{websocket.StatusCode(code), "", closeLeft.status}
}

// closeOfStatus returns the closing that gives shards a status.
func closeOfStatus(status string) closing {
	for _, known := range closings {
		if known.status == status {
			return known
		}
	}
	return closeLeft
}
