package emulator

import (
	"errors"
	"strings"
	"time"

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
	{"revoke-eventsub", "[type, version, status such as user_removed; or id of one]: ends subscriptions", func(s *Server, o order) (any, error) {
		if o.Status == "" {
			o.Status = "authorization_revoked"
		}
		if o.ID == "" {
			s.RevokeEventSub(eventsub.Type{Name: o.Type, Version: o.Version}, o.Status)
		} else if !s.RevokeSubscription(o.ID, o.Status) {
			return nil, errors.New("there is no subscription with this id that has not ended")
		}
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
