package cli

import (
	"fmt"
	"io"
	"slices"

	"github.com/larkspur-dev/larkspur/helix"
)

// A statusText explains a status of a subscription or a shard.
type statusText struct {
	status string
	means  string
	advice string // what to do about a subscription
	shard  string // what to do about a shard, where that differs
}

const (
	enabled             = string(helix.EventSubStatusEnabled)
	verificationPending = string(helix.EventSubStatusWebhookCallbackVerificationPending)
)

// Advice that several statuses share.
const (
	connectAgain = "the program subscribes again when it connects; if it does not, start it again"
	shardAgain   = "the program that holds the shard connects again; if it does not, start it again"
	fixCallback  = "check that the address can be reached over HTTPS and answers within a few seconds, then subscribe again"
	fixShard     = "check that the address can be reached over HTTPS and answers within a few seconds, then assign the shard again"
)

// statusTexts are the statuses that Twitch documents, in the order of its documentation.
var statusTexts = []statusText{
	{enabled, "events are delivered", "", ""},
	{verificationPending, "Twitch waits until the callback answers its challenge", "", ""},
	{"webhook_callback_verification_failed", "the callback did not answer Twitch's challenge correctly in time", fixCallback, fixShard},
	{"notification_failures_exceeded", "the callback refused notifications or was too slow", fixCallback, fixShard},
	{"authorization_revoked", "the user disconnected the application, or changed the password", "the user must log in again with: larkspur login", ""},
	{"moderator_removed", "the user is no longer a moderator of the channel", "make the user a moderator again, then subscribe again", ""},
	{"user_removed", "a user in the condition no longer exists on Twitch", "delete it", ""},
	{"chat_user_banned", "the user is banned from the channel's chat", "unban the user, then subscribe again", ""},
	{"version_removed", "Twitch no longer supports this version of the type", "subscribe to a version in: larkspur events list", ""},
	{"beta_maintenance", "Twitch ended subscriptions to this beta type for maintenance", "subscribe again later", ""},
	{"websocket_disconnected", "the program closed its connection, or ended", connectAgain, shardAgain},
	{"websocket_failed_ping_pong", "the program did not answer a ping: it was stopped or overloaded", connectAgain, shardAgain},
	{"websocket_received_inbound_traffic", "the program sent a message on the connection, which Twitch forbids", "correct the program", "correct the program"},
	{"websocket_connection_unused", "the program did not subscribe in time after it connected", connectAgain, shardAgain},
	{"websocket_internal_error", "Twitch had an internal error", connectAgain, shardAgain},
	{"websocket_network_timeout", "Twitch could not send to the program in time", connectAgain, shardAgain},
	{"websocket_network_error", "the connection to the program broke", connectAgain, shardAgain},
	{"websocket_failed_to_reconnect", "the program did not reconnect in time when Twitch asked it to", connectAgain, shardAgain},
	{"conduit_deleted", "its conduit was deleted", "delete it", ""},
}

// subscriptionStatuses returns the known statuses of subscriptions.
func subscriptionStatuses() []string {
	names := make([]string, len(statusTexts))
	for i, s := range statusTexts {
		names[i] = s.status
	}
	return names
}

// explainStatus returns what is known about a status.
func explainStatus(status string) statusText {
	for _, s := range statusTexts {
		if s.status == status {
			return s
		}
	}
	return statusText{status: status, means: "unknown to this version of larkspur"}
}

// isDead reports whether a subscription or shard has ended: it delivers nothing and is
// not about to.
func isDead(status string) bool { return status != enabled && status != verificationPending }

// explainStatuses prints what statuses mean and what to do, each once, without enabled.
func explainStatuses(w io.Writer, statuses []string, shards bool) {
	slices.Sort(statuses)
	for _, status := range slices.Compact(statuses) {
		if status == enabled {
			continue
		}
		s := explainStatus(status)
		advice := s.advice
		if shards && s.shard != "" {
			advice = s.shard
		}
		text := printable(status) + ": " + s.means
		if advice != "" {
			text += "; " + advice
		}
		fmt.Fprintln(w, text)
	}
}
