package emulator

// SetPhoneVerified sets whether a user has a verified phone number. Users have one until
// it is changed. Without it, Helix answers 401 to Send Whisper and Create Guest Star
// Session, although the token is good.
func (s *Server) SetPhoneVerified(user string, verified bool) {
	s.fail("phone", s.setPhoneVerified(user, verified))
}

func (s *Server) setPhoneVerified(user string, verified bool) error {
	return s.pair(user, user, func(id, _ string) error { return s.world.SetPhoneVerified(id, verified) })
}

// phoneVerb changes whether a user has a verified phone number.
var phoneVerb = verb{
	"phone", "user deny?", "A user has a verified phone number, or has none if deny is true.", "user=mybot deny=true",
	func(s *Server, o order) (any, error) { return nil, s.setPhoneVerified(o.User, !o.Deny) },
}
