package emulator

// heatVerbs are what viewers do in the Heat extension.
var heatVerbs = []verb{
	{"heat-click", "broadcaster, user, x, y from 0 to 1[, kind: unverified or anonymous]", func(s *Server, o order) (any, error) {
		return connections(s.heatClick(o.Broadcaster, o.User, o.X, o.Y, HeatIdentity(o.Kind)))
	}},
	{"heat-system", "broadcaster, text", func(s *Server, o order) (any, error) {
		return connections(s.heatSend(o.Broadcaster, func(id string) int { return s.heat.System(id, o.Text) }))
	}},
	{"heat-raw", "broadcaster, text: the message as it is", func(s *Server, o order) (any, error) {
		return connections(s.heatSend(o.Broadcaster, func(id string) int { return s.heat.Raw(id, []byte(o.Text)) }))
	}},
	{"heat-remove", "broadcaster", func(s *Server, o order) (any, error) { return nil, s.setHeat(o.Broadcaster, false) }},
	{"heat-install", "broadcaster", func(s *Server, o order) (any, error) { return nil, s.setHeat(o.Broadcaster, true) }},
}

func connections(n int, err error) (any, error) {
	return struct {
		Connections int `json:"connections"`
	}{n}, err
}
