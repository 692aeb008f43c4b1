package emulator

// heatVerbs are what viewers do in the Heat extension.
var heatVerbs = []verb{
	{"heat-click", "broadcaster user x y kind?", "A viewer clicks in Heat at x and y from 0 to 1; kind is unverified or anonymous for a viewer who has not shared their identity.", "broadcaster=ada user=grace x=0.25 y=0.5", func(s *Server, o order) (any, error) {
		return connections(s.heatClick(o.Broadcaster, o.User, o.X, o.Y, HeatIdentity(o.Kind)))
	}},
	{"heat-system", "broadcaster text", "Heat sends a system message.", "broadcaster=ada text=hello", func(s *Server, o order) (any, error) {
		return connections(s.heatSend(o.Broadcaster, func(id string) int { return s.heat.System(id, o.Text) }))
	}},
	{"heat-raw", "broadcaster text", "Heat sends a message as it is.", "broadcaster=ada text='{\"type\":\"unknown\"}'", func(s *Server, o order) (any, error) {
		return connections(s.heatSend(o.Broadcaster, func(id string) int { return s.heat.Raw(id, []byte(o.Text)) }))
	}},
	{"heat-remove", "broadcaster", "A channel removes the Heat extension.", "broadcaster=ada", func(s *Server, o order) (any, error) { return nil, s.setHeat(o.Broadcaster, false) }},
	{"heat-install", "broadcaster", "A channel installs the Heat extension.", "broadcaster=ada", func(s *Server, o order) (any, error) { return nil, s.setHeat(o.Broadcaster, true) }},
}

func connections(n int, err error) (any, error) {
	return struct {
		Connections int `json:"connections"`
	}{n}, err
}
