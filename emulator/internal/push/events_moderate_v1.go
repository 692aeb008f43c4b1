package push

import "github.com/larkspur-dev/larkspur/eventsub"

var (
	moderateV1 = eventsub.Type{Name: "channel.moderate", Version: "1"}
	moderateV2 = eventsub.Type{Name: "channel.moderate", Version: "2"}
)

// publishOlder sends an event in the older version that Twitch still has of its
// type. The older channel.moderate knows no warnings.
func (s *Server) publishOlder(e event) {
	if e.kind != moderateV2 || !s.wanted(moderateV1) {
		return
	}
	p, ok := e.payload().(*moderation)
	if !ok || p.Warn != nil {
		return
	}
	s.publish(event{kind: moderateV1, keys: e.keys, payload: func() any {
		return struct {
			*moderation
			Warn *struct{} `json:"warn,omitempty"` // hides the newer field
		}{moderation: p}
	}})
}
