package helix_test

import (
	"context"

	"github.com/larkspur-dev/larkspur/helix"
)

// everyExtension are the calls of applications: their extensions, subscriptions to
// events and conduits.
var everyExtension = []everyRow{
	{"get-extension-analytics", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.As(s.ada).Analytics.GetExtensions(ctx, helix.GetExtensionAnalyticsParams{}))
	}},
	{"get-extension-transactions", (*stage).product, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Bits.GetExtensionTransactions(ctx, helix.GetExtensionTransactionsParams{ExtensionID: s.ClientID()}))
	}},
	{"get-conduits", nil, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.Conduits.Get(ctx))
	}},
	{"create-conduits", nil, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.Conduits.Create(ctx, helix.CreateConduitsParams{ShardCount: 2}))
	}},
	{"update-conduits", (*stage).conduit, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Conduits.Update(ctx, helix.UpdateConduitsParams{ID: s.id, ShardCount: 3}))
	}},
	{"delete-conduit", (*stage).conduit, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Conduits.Delete(ctx, helix.DeleteConduitParams{ID: s.id})
	}},
	{"get-conduit-shards", (*stage).conduit, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Conduits.GetShards(ctx, helix.GetConduitShardsParams{ConduitID: s.id}))
	}},
	{"update-conduit-shards", func(s *stage) { s.conduit(); s.other = s.session() }, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Conduits.UpdateShards(ctx, helix.UpdateConduitShardsParams{ConduitID: s.id, Shards: []helix.ShardUpdate{
			{ID: "0", Transport: helix.ShardUpdateTransport{Method: "websocket", SessionID: s.other}},
		}}))
	}},
	{"get-extension-configuration-segment", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Extensions.GetConfigurationSegment(ctx, helix.GetExtensionConfigurationSegmentParams{
			ExtensionID: s.ClientID(), Segments: []helix.SegmentType{"global"},
		}))
	}},
	{"set-extension-configuration-segment", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Extensions.SetConfigurationSegment(ctx, helix.SetExtensionConfigurationSegmentParams{
			ExtensionID: s.ClientID(), Segment: "global", Content: "hello", Version: "1",
		})
	}},
	{"set-extension-required-configuration", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Extensions.SetRequiredConfiguration(ctx, helix.SetExtensionRequiredConfigurationParams{
			BroadcasterID: s.ada, ExtensionID: s.ClientID(), ExtensionVersion: "0.0.1", RequiredConfiguration: "x",
		})
	}},
	{"send-extension-pubsub-message", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Extensions.SendPubSubMessage(ctx, helix.SendExtensionPubSubMessageParams{
			Target: []helix.PubSubTarget{"broadcast"}, BroadcasterID: s.ada, Message: "hi",
		})
	}},
	{"get-extension-live-channels", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Extensions.GetLiveChannels(ctx, helix.GetExtensionLiveChannelsParams{ExtensionID: s.ClientID()}))
	}},
	{"get-extension-secrets", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Extensions.GetSecrets(ctx, helix.GetExtensionSecretsParams{ExtensionID: s.ClientID()}))
	}},
	{"create-extension-secret", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Extensions.CreateSecret(ctx, helix.CreateExtensionSecretParams{ExtensionID: s.ClientID()}))
	}},
	{"send-extension-chat-message", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Extensions.SendChatMessage(ctx, helix.SendExtensionChatMessageParams{
			BroadcasterID: s.ada, Text: "hi", ExtensionID: s.ClientID(), ExtensionVersion: "0.0.1",
		})
	}},
	{"get-extensions", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Extensions.Get(ctx, helix.GetExtensionsParams{ExtensionID: s.ClientID()}))
	}},
	{"get-released-extensions", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Extensions.GetReleased(ctx, helix.GetReleasedExtensionsParams{ExtensionID: s.ClientID()}))
	}},
	{"get-extension-bits-products", (*stage).product, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.Extensions.GetBitsProducts(ctx, helix.GetExtensionBitsProductsParams{ShouldIncludeAll: true}))
	}},
	{"update-extension-bits-product", nil, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.Extensions.UpdateBitsProduct(ctx, helix.UpdateExtensionBitsProductParams{
			SKU: "cap", Cost: helix.ProductCost{Amount: 5, Type: "bits"}, DisplayName: "Cap",
		}))
	}},
	{"create-eventsub-subscription", func(s *stage) { s.other = s.session() }, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.As(s.ada).EventSub.CreateSubscription(ctx, online(s)))
	}},
	{"delete-eventsub-subscription", (*stage).subscription, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.As(s.ada).EventSub.DeleteSubscription(ctx, helix.DeleteEventSubSubscriptionParams{ID: s.id})
	}},
	{"get-eventsub-subscriptions", (*stage).subscription, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.As(s.ada).EventSub.GetSubscriptions(ctx, helix.GetEventSubSubscriptionsParams{}))
	}},
}

// product has the extension sell something, and grace buy it.
func (s *stage) product() {
	s.t.Helper()
	made[*helix.ExtensionBitsProduct](s)(s.tw.Extensions.UpdateBitsProduct(s.t.Context(), helix.UpdateExtensionBitsProductParams{
		SKU: "hat", Cost: helix.ProductCost{Amount: 5, Type: "bits"}, DisplayName: "Hat",
	}))
	s.BuyProduct("ada", "grace", "hat")
}

// conduit makes a conduit.
func (s *stage) conduit() {
	s.t.Helper()
	s.id = made[*helix.Conduit](s)(s.tw.Conduits.Create(s.t.Context(), helix.CreateConduitsParams{ShardCount: 2})).ID
}

func online(s *stage) helix.CreateEventSubSubscriptionParams {
	return helix.CreateEventSubSubscriptionParams{
		Type: "stream.online", Version: "1", Condition: map[string]string{"broadcaster_user_id": s.ada},
		Transport: helix.EventSubTransport{Method: "websocket", SessionID: s.other},
	}
}

// subscription subscribes ada to their own streams.
func (s *stage) subscription() {
	s.t.Helper()
	s.other = s.session()
	s.id = made[*helix.CreatedEventSubSubscription](s)(s.tw.As(s.ada).EventSub.CreateSubscription(s.t.Context(), online(s))).ID
}
