package emulator

import (
	"errors"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// faultVerbs cause failures, and send events that the world did not cause.
var faultVerbs = []verb{
	{"event", "broadcaster, type, version, event", func(s *Server, o order) (any, error) {
		n, err := s.SendEvent(eventsub.Type{Name: o.Type, Version: o.Version}, o.Broadcaster, o.Event)
		return map[string]int{"subscriptions": n}, err
	}},
	{"reconnect-chat", "[seconds of grace]", func(s *Server, o order) (any, error) {
		s.ReconnectChat(time.Duration(o.Seconds) * time.Second)
		return nil, nil
	}},
	{"drop-chat", "", func(s *Server, _ order) (any, error) { s.DropChat(); return nil, nil }},
	{"reconnect-eventsub", "[seconds of grace]", func(s *Server, o order) (any, error) {
		s.ReconnectEventSub(time.Duration(o.Seconds) * time.Second)
		return nil, nil
	}},
	{"close-eventsub", "code from 4000 to 4007; without one the connections are cut", func(s *Server, o order) (any, error) {
		if o.Code == 0 {
			s.DropEventSub()
		} else {
			s.CloseEventSub(o.Code)
		}
		return nil, nil
	}},
	{"revoke-eventsub", "[type, version, status such as user_removed]: ends subscriptions", func(s *Server, o order) (any, error) {
		if o.Status == "" {
			o.Status = "authorization_revoked"
		}
		s.RevokeEventSub(eventsub.Type{Name: o.Type, Version: o.Version}, o.Status)
		return nil, nil
	}},
	{"fail", "http_status or lost or delay[, method, path, times]: coming requests fail", func(s *Server, o order) (any, error) {
		if o.HTTPStatus != 0 && (o.HTTPStatus < 400 || o.HTTPStatus > 599) {
			return nil, errors.New("http_status must be from 400 to 599")
		}
		s.FailRequests(RequestFault{
			Method: strings.ToUpper(o.Method), Path: o.Path, Status: o.HTTPStatus, Lost: o.Lost,
			Delay: time.Duration(o.Delay * float64(time.Second)), Times: o.Times,
		})
		return nil, nil
	}},
	{"heal", "takes back all of fail", func(s *Server, _ order) (any, error) { s.HealRequests(); return nil, nil }},
}

// wantRole adds or removes a role. It does nothing if the user has it, or lacks it, already:
// programs that set up a test may run twice against the same emulator.
func (s *Server) wantRole(channel string, role world.Role, user string, on bool) error {
	b, err := s.person(channel)
	if err != nil {
		return err
	}
	u, err := s.person(user)
	if err != nil {
		return err
	}
	has := s.world.Has(b.ID, role, u.ID)
	if has == on {
		return nil
	}
	return s.setRole(channel, role, user, on)
}
