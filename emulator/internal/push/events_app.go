package push

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// These events go to applications, not to users: over webhooks and conduits.

func shardDisabled(sh *shard) event {
	type transport struct {
		Method         string     `json:"method"`
		Callback       *string    `json:"callback"`
		SessionID      *string    `json:"session_id"`
		ConnectedAt    *time.Time `json:"connected_at"`
		DisconnectedAt *time.Time `json:"disconnected_at"`
	}
	shown := sh.Shard
	return event{
		kind: eventsub.Type{Name: "conduit.shard.disabled", Version: "1"},
		keys: keys{"client_id": sh.conduit.clientID, "conduit_id": sh.conduit.id},
		payload: func() any {
			t := shown.Transport
			return struct {
				ConduitID string    `json:"conduit_id"`
				ShardID   string    `json:"shard_id"`
				Status    string    `json:"status"`
				Transport transport `json:"transport"`
			}{sh.conduit.id, shown.ID, shown.Status, transport{
				t.Method, orNull(t.Callback), orNull(t.SessionID), orNull(t.ConnectedAt), orNull(t.DisconnectedAt),
			}}
		},
	}
}

func dropGranted(f *world.DropGranted) event {
	d := f.Entitlement
	return event{
		kind: eventsub.Type{Name: dropGrant, Version: "1"},
		keys: keys{"organization_id": d.OrganizationID, "category_id": d.Game.ID, "campaign_id": d.CampaignID},
		payload: func() any {
			type data struct {
				OrganizationID string `json:"organization_id"`
				CategoryID     string `json:"category_id"`
				CategoryName   string `json:"category_name"`
				CampaignID     string `json:"campaign_id"`
				user
				EntitlementID string    `json:"entitlement_id"`
				BenefitID     string    `json:"benefit_id"`
				CreatedAt     time.Time `json:"created_at"`
			}
			return struct {
				ID   string `json:"id"`
				Data data   `json:"data"`
			}{d.ID, data{d.OrganizationID, d.Game.ID, d.Game.Name, d.CampaignID, asUser(d.User), d.ID, d.BenefitID, d.CreatedAt}}
		},
	}
}

func productBought(b broadcaster, f *world.ProductBought) event {
	t := f.Transaction
	return event{
		kind: eventsub.Type{Name: "extension.bits_transaction.create", Version: "1"},
		keys: keys{"extension_client_id": t.ExtensionID},
		payload: func() any {
			type product struct {
				Name          string `json:"name"`
				Bits          int    `json:"bits"`
				SKU           string `json:"sku"`
				InDevelopment bool   `json:"in_development"`
			}
			return struct {
				ExtensionID string `json:"extension_client_id"`
				ID          string `json:"id"`
				broadcaster
				user
				Product product `json:"product"`
			}{t.ExtensionID, t.ID, b, asUser(t.User), product{t.Product.Name, t.Product.Bits, t.Product.SKU, t.Product.InDevelopment}}
		},
	}
}

// authorization is user.authorization.grant or revoke.
func authorization(what, clientID string, u world.User) event {
	return event{
		kind: eventsub.Type{Name: "user.authorization." + what, Version: "1"},
		keys: keys{"client_id": clientID},
		payload: func() any {
			return struct {
				ClientID string `json:"client_id"`
				user
			}{clientID, asUser(u)}
		},
	}
}
