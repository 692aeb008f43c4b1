package irc

import (
	"context"

	"github.com/larkspur-dev/larkspur/chat"
)

// Carrier returns the way to write to chat over this client, for [chat.NewSender].
func (c *Client) Carrier() chat.Carrier { return carrier{c} }

type carrier struct{ client *Client }

// Carry implements [chat.Carrier].
func (c carrier) Carry(ctx context.Context, m chat.Outgoing) (string, error) {
	return "", c.client.put(ctx, outgoing{channel: m.Channel.Login, replyTo: m.ReplyTo, text: m.Text, action: m.Action})
}
