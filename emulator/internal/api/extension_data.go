package api

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// maxExtensionText is how long a configuration or a message may be, in bytes.
const maxExtensionText = 5 << 10

// segment returns the segment of a name, of the broadcaster that the call
// names; the global one belongs to none.
func (c *call) segment(name string) (world.Segment, error) {
	switch {
	case name != "global" && c.broadcaster() == "":
		return world.Segment{}, missing("broadcaster_id")
	case name == "global" && c.broadcaster() != "" && len(c.query["segment"]) <= 1:
		return world.Segment{}, malformed("broadcaster_id", "the global segment has no broadcaster")
	case name == "global":
		return world.Segment{Name: name}, nil
	}
	if _, err := c.user("broadcaster_id"); err != nil {
		return world.Segment{}, err
	}
	return world.Segment{Name: name, BroadcasterID: c.broadcaster()}, nil
}

func getSegments(c *call) (obj, error) {
	items := []obj{}
	for _, name := range c.query["segment"] {
		s, err := c.segment(name)
		if err != nil {
			return nil, err
		}
		content, ok := c.world.SegmentOf(c.extension.ID, s)
		if !ok {
			continue
		}
		o := obj{"segment": name, "content": content.Content, "version": content.Version}
		if s.BroadcasterID != "" {
			o["broadcaster_id"] = s.BroadcasterID
		}
		items = append(items, o)
	}
	return data(items...), nil
}

func setSegment(c *call) (obj, error) {
	s, err := c.segment(c.get("segment"))
	if err != nil {
		return nil, err
	}
	content := world.SegmentContent{Content: c.get("content"), Version: c.get("version")}
	if len(content.Content) > maxExtensionText {
		return nil, malformed("content", "the configuration may not be larger than 5 KB")
	}
	return nil, c.world.SetSegment(c.extension.ID, s, content)
}

func requireConfiguration(c *call) (obj, error) {
	return nil, c.world.RequireConfiguration(c.extension.ID, c.broadcaster(), c.get("extension_version"), c.get("required_configuration"))
}

// sendPubSub checks the targets against what the token allows.
func sendPubSub(c *call) (obj, error) {
	given, _ := field[[]any](c, "target")
	everywhere, _ := field[bool](c, "is_global_broadcast")
	var targets []string
	for _, one := range given {
		target, _ := one.(string)
		if target != "broadcast" && target != "global" && !strings.HasPrefix(target, "whisper-") {
			return nil, malformed("target", "the values are broadcast, global or whisper-<user-id>")
		}
		targets = append(targets, target)
	}
	text := c.get("message")
	switch {
	case len(targets) == 0:
		return nil, missing("target")
	case everywhere && (len(targets) != 1 || targets[0] != "global"):
		return nil, malformed("target", "a global broadcast has the target global only")
	case everywhere && c.broadcaster() != "":
		return nil, malformed("broadcaster_id", "a global broadcast has no broadcaster")
	case !everywhere && c.broadcaster() == "":
		return nil, missing("broadcaster_id")
	case !everywhere && slices.Contains(targets, "global"):
		return nil, malformed("target", "the target global is of global broadcasts only")
	case len(text) > maxExtensionText:
		return nil, &world.Error{Status: http.StatusUnprocessableEntity, Message: "The message is too large."}
	}
	if channel := c.broadcaster(); (everywhere && c.claims.ChannelID != "all") || (!everywhere && c.claims.ChannelID != channel) {
		return nil, unauthorized("The channel_id in the JWT token does not match the request.")
	}
	for _, target := range targets {
		if !slices.Contains(c.claims.Perms.Send, target) && !slices.Contains(c.claims.Perms.Send, "*") {
			return nil, unauthorized("The pubsub_perms in the JWT token do not allow to send to %s.", target)
		}
	}
	return nil, c.world.SendExtensionMessage(c.extension.ID, world.ExtensionMessage{BroadcasterID: c.broadcaster(), Targets: targets, Text: text})
}

func sendExtensionChat(c *call) (obj, error) {
	return nil, c.world.PostAsExtension(c.extension.ID, c.broadcaster(), c.get("extension_version"), c.get("text"))
}

func showProduct(p world.Product) obj {
	return obj{
		"sku": p.SKU, "cost": obj{"amount": p.Bits, "type": "bits"}, "in_development": p.InDevelopment, "display_name": p.Name,
		"expiration": stampOrEmpty(p.Expires), "is_broadcast": p.Broadcast,
	}
}

// products returns the products of the client's extension that are on sale, or all.
func (c *call) products(all bool) ([]world.Product, error) {
	products, err := c.world.Products(c.grant.ClientID)
	if err != nil {
		return nil, unauthorized("The client ID in the app access token must be the extension's client ID.")
	}
	return slices.DeleteFunc(products, func(p world.Product) bool {
		return !all && (p.InDevelopment || (!p.Expires.IsZero() && !time.Now().Before(p.Expires)))
	}), nil
}

func getProducts(c *call) (obj, error) {
	all, err := c.products(c.get("should_include_all") == "true")
	if err != nil {
		return nil, err
	}
	return data(every(all, showProduct)...), nil
}

var sku = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// updateProduct adds or changes a product.
func updateProduct(c *call) (obj, error) {
	if _, err := c.products(true); err != nil {
		return nil, err
	}
	p := world.Product{SKU: c.get("sku"), Name: c.get("display_name")}
	if !sku.MatchString(p.SKU) {
		return nil, malformed("sku", "the value may have letters, digits, dashes, underscores and dots only")
	}
	cost, _ := field[obj](c, "cost")
	amount, _ := cost["amount"].(float64)
	p.Bits = int(amount)
	set(c, "in_development", &p.InDevelopment)
	set(c, "is_broadcast", &p.Broadcast)
	if expires := c.get("expiration"); expires != "" {
		at, err := time.Parse(time.RFC3339, expires)
		if err != nil {
			return nil, malformed("expiration", "the value must be a date in RFC3339 format")
		}
		p.Expires = at
	}
	if err := c.world.SetProduct(c.grant.ClientID, p); err != nil {
		return nil, err
	}
	return data(showProduct(p)), nil
}
