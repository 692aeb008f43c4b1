package daemon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/skill"
)

// A host carries out the actions of skills in one channel. Messages go through a sender,
// see [speaker], everything else through Helix: moderation as the bot, the channel's own
// settings as the broadcaster.
type host struct {
	tw     *helix.Client
	sender *chat.Sender
	relays map[string]*relay.Relay
	who    accounts
}

func newRelays(configs []RelayConfig, client *http.Client) (map[string]*relay.Relay, error) {
	relays := map[string]*relay.Relay{}
	for _, c := range configs {
		r, err := relay.New(c.Name, string(c.URL), relay.Options{HTTPClient: client, AllowPrivate: c.AllowPrivate})
		if err != nil {
			return nil, err
		}
		relays[c.Name] = r
	}
	return relays, nil
}

func closeRelays(relays map[string]*relay.Relay) {
	for _, r := range relays {
		r.Close()
	}
}

// Say implements [skill.Chat]. Of Twitch's chat commands it knows /me only; others are
// shown as text.
func (h *host) Say(ctx context.Context, text string) error {
	m := chat.Outgoing{Text: text, Split: true}
	m.Text, m.Action = strings.CutPrefix(text, "/me ")
	return h.send(ctx, m)
}

// Reply implements [skill.Chat].
func (h *host) Reply(ctx context.Context, messageID, text string) error {
	return h.send(ctx, chat.Outgoing{Text: text, ReplyTo: messageID})
}

func (h *host) send(ctx context.Context, m chat.Outgoing) error {
	m.Channel = chat.User{ID: h.who.broadcaster.ID, Login: h.who.broadcaster.Login}
	_, err := h.sender.Send(ctx, m)
	return chatError(err)
}

// chatError explains why a message was not sent: it expired, or the bot is not in chat.
func chatError(err error) error {
	if errors.Is(err, chat.ErrExpired) {
		return fmt.Errorf("%w: %w", skill.ErrExpired, err)
	}
	if errors.Is(err, irc.ErrNotWanted) {
		return errors.New("the stream is offline and always-listening is false, so the bot is not in chat")
	}
	return err
}

// Send implements [skill.Host].
func (h *host) Send(ctx context.Context, connector, text string) error {
	r, ok := h.relays[connector]
	if !ok {
		return fmt.Errorf("there is no connector %q", connector)
	}
	return r.Send(ctx, text)
}

// Ban implements [skill.Moderation].
func (h *host) Ban(ctx context.Context, b skill.Ban) error {
	userID := b.UserID
	if userID == "" {
		user, err := h.tw.Users.ByLogin(ctx, strings.ToLower(b.Login))
		if err != nil {
			return err
		}
		userID = user.ID
	}
	_, err := h.tw.Moderation.Ban(ctx, helix.BanUserParams{
		BroadcasterID: h.who.broadcaster.ID,
		ModeratorID:   h.who.bot.ID,
		UserID:        userID,
		Duration:      int(b.Duration / time.Second),
		Reason:        b.Reason,
	})
	return err
}

// Delete implements [skill.Moderation].
func (h *host) Delete(ctx context.Context, messageID string) error {
	return h.tw.Moderation.DeleteMessages(ctx, helix.DeleteChatMessagesParams{
		BroadcasterID: h.who.broadcaster.ID,
		ModeratorID:   h.who.bot.ID,
		MessageID:     messageID,
	})
}

// SetTitle implements [skill.Broadcast].
func (h *host) SetTitle(ctx context.Context, title string) error {
	return h.tw.Channels.Modify(ctx, helix.ModifyChannelInformationParams{
		BroadcasterID: h.who.broadcaster.ID,
		Title:         &title,
	})
}

// Clip implements [skill.Broadcast].
func (h *host) Clip(ctx context.Context) (string, error) {
	clip, err := h.tw.As(h.who.bot.ID).Clips.CreateAndWait(ctx, helix.CreateClipParams{BroadcasterID: h.who.broadcaster.ID})
	if err != nil {
		return "", err
	}
	return clip.URL, nil
}

// Channel implements [skill.Host].
func (h *host) Channel(ctx context.Context) (skill.ChannelInfo, error) {
	info := skill.ChannelInfo{ID: h.who.broadcaster.ID, Login: h.who.broadcaster.Login}
	channels, err := h.tw.Channels.Get(ctx, helix.GetChannelInformationParams{BroadcasterIDs: []string{info.ID}})
	if err != nil {
		return info, err
	}
	for _, c := range channels {
		info.Name, info.Title, info.Language, info.Tags = c.BroadcasterName, c.Title, c.BroadcasterLanguage, c.Tags
		info.Category, info.CategoryID = c.GameName, c.GameID
	}
	streams, err := h.tw.Streams.Get(ctx, helix.GetStreamsParams{UserIDs: []string{info.ID}})
	if err != nil {
		return info, err
	}
	for _, s := range streams.Items {
		info.Live, info.Viewers, info.StartedAt = true, s.ViewerCount, s.StartedAt.Format(time.RFC3339)
	}
	return info, nil
}
