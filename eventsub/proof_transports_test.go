package eventsub_test

import (
	"slices"
	"strconv"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/eventsub/catchup"
	"github.com/larkspur-dev/larkspur/helix"
)

func openSession(p *proof) transport {
	client := p.bot()
	return eventsub.NewSession(client, p.mux, eventsub.SessionOptions{
		URL: p.tw.EventSubURL(), HTTPClient: p.tw.HTTPClient(), Recheck: 20 * p.pace.check,
		CatchUp: catchup.New(client, catchup.Options{}), Watermarks: p.marks,
	})
}

var webhookWay = way{
	name: "webhook", open: openWebhook,
	faults: slices.Concat(commonFaults, []fault{
		{"refused", false, true, func(p *proof) { p.disturb(emulator.EventFault{Refused: 0.2}); p.over(time.Minute) }},
		{"unanswered", true, true, func(p *proof) { p.disturb(emulator.EventFault{Unanswered: 0.1}); p.over(time.Minute) }},
		{"slow", true, false, func(p *proof) { p.disturb(emulator.EventFault{Slow: 10 * time.Millisecond}); p.over(20 * time.Second) }},
		{"unreachable for seconds", true, true, func(p *proof) { p.late = time.Minute; p.reach(nil); p.over(5 * time.Second); p.heal() }},
		{"unreachable for minutes", false, true, func(p *proof) { p.reach(nil); p.over(time.Duration(p.random.IntN(600)) * time.Second) }},
		{"given up", false, true, func(p *proof) {
			p.tw.RevokeEventSub(eventsub.ChannelChatMessage{}.Type(), "notification_failures_exceeded")
			p.over(30 * time.Second)
		}},
		{"secrets change", true, false, func(p *proof) {
			p.settled()
			p.disturb(emulator.EventFault{Delay: 2 * time.Second, Duplicate: 0.1})
			go func() { _ = p.transport.(*eventsub.Webhook).Rotate(p.t.Context()) }()
			p.over(time.Minute)
		}},
		{"deleted by another program", false, true, func(p *proof) {
			p.settled()
			client := p.app()
			for sub, err := range client.EventSub.AllSubscriptions(p.t.Context(), helix.GetEventSubSubscriptionsParams{}) {
				if err == nil && p.random.IntN(2) == 0 {
					_ = client.EventSub.DeleteSubscription(p.t.Context(), helix.DeleteEventSubSubscriptionParams{ID: sub.ID})
				}
			}
			p.over(11 * time.Minute)
		}},
	}),
}

func openWebhook(p *proof) transport {
	return eventsub.NewWebhook(p.app(), p.mux, eventsub.WebhookOptions{
		Callback: callback, Secrets: p.secrets, Recheck: 10 * time.Minute,
		CatchUp: catchup.New(p.bot(), catchup.Options{}), Watermarks: p.marks,
	})
}

const proofShards = 3

var conduitWay = way{
	name: "conduit", recovers: true, open: openConduit,
	faults: slices.Concat(commonFaults, socketFaults, []fault{
		{"one shard closed", true, true, func(p *proof) { p.closeShards(1); p.over(20 * time.Second) }},
		{"two shards closed", false, true, func(p *proof) { p.closeShards(2) }},
		{"all shards closed", false, true, func(p *proof) { p.closeShards(3) }},
		{"all shards move", true, true, func(p *proof) { p.tw.ReconnectEventSub(0); p.over(20 * time.Second) }},
		{"shards refused", false, true, func(p *proof) {
			p.tw.RefuseShards(1+p.random.IntN(3), "")
			p.closeShards(1)
			p.over(20 * time.Second)
		}},
		{"conduit deleted", false, true, func(p *proof) {
			for _, c := range p.tw.EventSubConduits() {
				_ = p.app().Conduits.Delete(p.t.Context(), helix.DeleteConduitParams{ID: c.ID})
			}
			p.over(2 * p.pace.check) // until the next comparison finds it
		}},
	}),
}

func openConduit(p *proof) transport {
	o := eventsub.ConduitOptions{
		Shards: proofShards, URL: p.tw.EventSubURL(), HTTPClient: p.tw.HTTPClient(),
		Check: p.pace.check, Recheck: 20 * p.pace.check,
		CatchUp: catchup.New(p.bot(), catchup.Options{}), Watermarks: p.marks,
	}
	if p.pace.check <= 30*time.Second { // it looks at its files every two seconds: too many of them in months
		o.Owner = eventsub.NewFileShards(p.dir)
	}
	return eventsub.NewConduit(p.app(), p.mux, o)
}

// closeShards lets Twitch close n shards at once.
func (p *proof) closeShards(n int) {
	all := p.tw.EventSubConduits()
	if len(all) == 0 {
		return
	}
	status := pick(p.random, "websocket_internal_error", "websocket_network_error", "websocket_network_timeout")
	for _, shard := range p.random.Perm(proofShards)[:n] {
		_ = p.tw.DisableShard(all[0].ID, strconv.Itoa(shard), status) // fails if it is disabled already
	}
}
