package emulator

import "github.com/larkspur-dev/larkspur/emulator/internal/world"

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
