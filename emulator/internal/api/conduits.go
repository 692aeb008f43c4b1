package api

import "github.com/larkspur-dev/larkspur/emulator/internal/push"

func getConduits(c *call) (obj, error) {
	if c.eventsub == nil {
		return nil, notEmulated(c.endpoint)
	}
	return obj{"data": c.eventsub.Conduits(c.grant)}, nil
}

func createConduit(c *call) (obj, error) {
	if c.eventsub == nil {
		return nil, notEmulated(c.endpoint)
	}
	shards, _ := c.number("shard_count")
	made, err := c.eventsub.CreateConduit(c.grant, shards)
	return obj{"data": []push.Conduit{made}}, err
}

func updateConduit(c *call) (obj, error) {
	if c.eventsub == nil {
		return nil, notEmulated(c.endpoint)
	}
	shards, _ := c.number("shard_count")
	changed, err := c.eventsub.ResizeConduit(c.grant, c.get("id"), shards)
	return obj{"data": []push.Conduit{changed}}, err
}

func deleteConduit(c *call) (obj, error) {
	if c.eventsub == nil {
		return nil, notEmulated(c.endpoint)
	}
	return nil, c.eventsub.DeleteConduit(c.grant, c.get("id"))
}

func getShards(c *call) (obj, error) {
	if c.eventsub == nil {
		return nil, notEmulated(c.endpoint)
	}
	all, err := c.eventsub.Shards(c.grant, c.get("conduit_id"), c.get("status"))
	if err != nil {
		return nil, err
	}
	return pageOf(c, all, 100, func(s push.Shard) string { return s.ID }, func(s push.Shard) any { return s })
}

func updateShards(c *call) (obj, error) {
	if c.eventsub == nil {
		return nil, notEmulated(c.endpoint)
	}
	var request struct {
		Shards []push.ShardRequest `json:"shards"`
	}
	if err := c.decode(&request); err != nil {
		return nil, bad("Error parsing the body: the shards are malformed.")
	}
	updated, failed, err := c.eventsub.UpdateShards(c.grant, c.get("conduit_id"), request.Shards)
	return obj{"data": updated, "errors": failed}, err
}
