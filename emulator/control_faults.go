package emulator

import (
	"errors"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// faultVerbs cause failures of requests, and end subscriptions.
var faultVerbs = []verb{
	{"revoke-eventsub", "type? version? id? status?", "Subscriptions end: those of a type, the one with an id, or all; status is authorization_revoked unless given.", "type=channel.follow version=2 status=user_removed", func(s *Server, o order) (any, error) {
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
	{"fail", "http_status? lost? delay? method? path? times?", "Coming requests fail: they get http_status, or their response is lost or comes after delay seconds.", "http_status=503 path=/helix/users times=2", func(s *Server, o order) (any, error) {
		if o.HTTPStatus != 0 && (o.HTTPStatus < 400 || o.HTTPStatus > 599) {
			return nil, errors.New("http_status must be from 400 to 599")
		}
		s.FailRequests(RequestFault{
			Method: strings.ToUpper(o.Method), Path: o.Path, Status: o.HTTPStatus, Lost: o.Lost,
			Delay: time.Duration(o.Delay * float64(time.Second)), Times: o.Times,
		})
		return nil, nil
	}},
	{"heal", "", "Ends fail.", "", func(s *Server, _ order) (any, error) { s.HealRequests(); return nil, nil }},
}
