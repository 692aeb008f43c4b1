package emulator

import (
	"errors"
	"time"
)

// Team makes a team of broadcasters. A name in mixed case is also the display name.
func Team(name string, members ...string) Option {
	return then(func(s *Server) error { return s.addTeam(name, members) })
}

func (s *Server) addTeam(name string, members []string) error {
	var ids []string
	for _, login := range members {
		u, err := s.person(login)
		if err != nil {
			return err
		}
		ids = append(ids, u.ID)
	}
	_, err := s.world.AddTeam(name, ids...)
	return err
}

// AddVideo makes a video of a channel: a "highlight" or an "upload". Archives
// of streams come into being by themselves. It returns the video's id.
func (s *Server) AddVideo(channel, kind, title string, length time.Duration) string {
	id, err := s.addVideo(channel, kind, title, length)
	s.fail("video", err)
	return id
}

func (s *Server) addVideo(channel, kind, title string, length time.Duration) (id string, err error) {
	err = s.pair(channel, channel, func(b, _ string) error {
		v, err := s.world.AddVideo(b, kind, title, length)
		id = v.ID
		return err
	})
	return id, err
}

// GrantDrop has a user earn a drop of a category. It returns the id of the
// entitlement.
func (s *Server) GrantDrop(user, category, benefitID string) string {
	id, err := s.grantDrop(user, category, benefitID)
	s.fail("drop", err)
	return id
}

func (s *Server) grantDrop(user, category, benefitID string) (string, error) {
	u, err := s.person(user)
	if err != nil {
		return "", err
	}
	game, ok := s.world.GameByName(category)
	if !ok {
		return "", errors.New("there is no category " + category)
	}
	e, err := s.world.GrantDrop(u.ID, game.ID, benefitID)
	return e.ID, err
}
