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

// Extension makes the registered client an extension that a user owns. The
// secret, in base64, signs the tokens of its back end; "" has one invented:
// [Server.ExtensionSecret].
func Extension(owner, secret string) Option {
	return then(func(s *Server) error {
		return s.pair(owner, owner, func(id, _ string) error {
			_, err := s.world.AddExtension(s.ClientID(), id, secret)
			return err
		})
	})
}

// ExtensionSecret returns the extension's first secret that is still good, in
// base64; "" without the option [Extension].
func (s *Server) ExtensionSecret() string {
	e, ok := s.world.ExtensionByID(s.ClientID())
	if !ok {
		return ""
	}
	return e.Secrets[0].Content
}

// ActivateExtension has a channel show the extension.
func (s *Server) ActivateExtension(channel string) {
	s.fail("activate extension", s.activateExtension(channel))
}

func (s *Server) activateExtension(channel string) error {
	return s.pair(channel, channel, func(b, _ string) error { return s.world.ActivateExtension(b, s.ClientID()) })
}

// BuyProduct has a user buy one of the extension's products with bits, which
// the extension offers with Update Extension Bits Product. It returns the id
// of the transaction.
func (s *Server) BuyProduct(channel, user, sku string) string {
	id, err := s.buyProduct(channel, user, sku)
	s.fail("buy", err)
	return id
}

func (s *Server) buyProduct(channel, user, sku string) (id string, err error) {
	err = s.pair(channel, user, func(b, u string) error {
		t, err := s.world.Buy(s.ClientID(), b, u, sku)
		id = t.ID
		return err
	})
	return id, err
}

// An ExtensionMessage is what an extension's back end sent to its front ends
// with Send Extension PubSub Message.
type ExtensionMessage struct {
	Channel string // login; "" is everywhere
	Targets []string
	Text    string
}

// ExtensionMessages returns what the extension's back end sent, oldest first.
func (s *Server) ExtensionMessages() []ExtensionMessage {
	var all []ExtensionMessage
	for _, m := range s.world.ExtensionMessages(s.ClientID()) {
		b, _ := s.world.UserByID(m.BroadcasterID)
		all = append(all, ExtensionMessage{Channel: b.Login, Targets: m.Targets, Text: m.Text})
	}
	return all
}
