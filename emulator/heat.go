package emulator

import (
	"fmt"
	"math"
)

// HeatURL is what stands for wss://heat-api.j38.net, the server of the Heat extension.
// Every channel uses the extension until [Server.RemoveHeat] is called.
func (s *Server) HeatURL() string { return "ws://" + s.address() + "/heat" }

// HeatIdentity is how much the Heat extension reveals of a viewer.
type HeatIdentity string

// The kinds of viewers.
const (
	HeatKnown      HeatIdentity = ""           // has shared their identity: the ID is their user ID
	HeatUnverified HeatIdentity = "unverified" // is logged in and has not: the ID begins with U
	HeatAnonymous  HeatIdentity = "anonymous"  // is not logged in: the ID begins with A
)

// HeatClick makes a viewer click on a channel's video. X and y are from 0, left and
// top, to 1, right and bottom. It returns how many connections the click was sent to.
func (s *Server) HeatClick(channel, user string, x, y float64, identity HeatIdentity) int {
	n, err := s.heatClick(channel, user, x, y, identity)
	s.fail("heat click", err)
	return n
}

func (s *Server) heatClick(channel, user string, x, y float64, identity HeatIdentity) (n int, err error) {
	if !(x >= 0 && x <= 1 && y >= 0 && y <= 1) || math.IsNaN(x) || math.IsNaN(y) {
		return 0, fmt.Errorf("x is %v and y is %v, but both must be from 0 to 1", x, y)
	}
	err = s.pair(channel, user, func(b, u string) error {
		switch identity {
		case HeatKnown:
		case HeatUnverified:
			u = "U" + s.world.OpaqueID(u)
		case HeatAnonymous:
			u = "A" + s.world.OpaqueID(u)
		default:
			return fmt.Errorf("the identity %q is none of %q, %q, %q", identity, HeatKnown, HeatUnverified, HeatAnonymous)
		}
		n = s.heat.Click(b, u, x, y)
		return nil
	})
	return n, err
}

// HeatSystem sends a message of the Heat extension itself to a channel's connections.
func (s *Server) HeatSystem(channel, text string) int {
	n, err := s.heatSend(channel, func(id string) int { return s.heat.System(id, text) })
	s.fail("heat system message", err)
	return n
}

// HeatRaw sends a message as it is to a channel's connections.
func (s *Server) HeatRaw(channel, message string) int {
	n, err := s.heatSend(channel, func(id string) int { return s.heat.Raw(id, []byte(message)) })
	s.fail("heat message", err)
	return n
}

func (s *Server) heatSend(channel string, send func(broadcasterID string) int) (int, error) {
	b, err := s.person(channel)
	if err != nil {
		return 0, err
	}
	return send(b.ID), nil
}

// RemoveHeat removes the Heat extension from a channel: its connections end, and new
// ones are answered with 404.
func (s *Server) RemoveHeat(channel string) { s.fail("remove heat", s.setHeat(channel, false)) }

// InstallHeat reverses [Server.RemoveHeat].
func (s *Server) InstallHeat(channel string) { s.fail("install heat", s.setHeat(channel, true)) }

func (s *Server) setHeat(channel string, on bool) error {
	b, err := s.person(channel)
	if err != nil {
		return err
	}
	if on {
		s.heat.Enable(b.ID)
	} else {
		s.heat.Disable(b.ID)
	}
	return nil
}
