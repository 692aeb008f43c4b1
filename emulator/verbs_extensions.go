package emulator

import (
	"fmt"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// Extension makes the registered client an extension that a user owns. The
// secret, in base64, signs the tokens of its back end; "" has one invented:
// [Server.ExtensionSecret].
func Extension(owner, secret string) Option {
	return then(func(s *Server) error {
		_, err := s.addExtension(s.ClientID(), owner, secret)
		return err
	})
}

func (s *Server) addExtension(clientID, owner, secret string) (made world.Extension, err error) {
	err = s.pair(owner, owner, func(id, _ string) (err error) {
		made, err = s.world.AddExtension(clientID, id, secret)
		return err
	})
	return made, err
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

// ActivateExtension has a channel show the extension, in its first free slot.
func (s *Server) ActivateExtension(channel string) {
	s.fail("activate extension", s.activateExtension(channel, s.ClientID()))
}

func (s *Server) activateExtension(channel, clientID string) error {
	if err := s.needExtension(clientID); err != nil {
		return err
	}
	return s.pair(channel, channel, func(b, _ string) error { return s.world.ActivateExtension(b, clientID) })
}

// needExtension says how to make an extension where there is none.
func (s *Server) needExtension(clientID string) error {
	if _, ok := s.world.ExtensionByID(clientID); !ok {
		return fmt.Errorf("the client %s is no extension; the verb extension makes it one, or --extension at the start", clientID)
	}
	return nil
}

// AddProduct has the extension offer a product for bits, as Update Extension Bits Product does.
func (s *Server) AddProduct(sku, name string, bits int) {
	s.fail("product", s.addProduct(s.ClientID(), world.Product{SKU: sku, Name: name, Bits: bits}))
}

func (s *Server) addProduct(clientID string, p world.Product) error {
	switch {
	case p.SKU == "" || p.Name == "":
		return fmt.Errorf("a product needs an id, its SKU, and a title")
	case p.Bits < 1 || p.Bits > 10_000:
		return fmt.Errorf("a product costs from 1 to 10000 bits, not %d", p.Bits)
	}
	if err := s.needExtension(clientID); err != nil {
		return err
	}
	return s.world.SetProduct(clientID, p)
}

// BuyProduct has a user buy one of the extension's products with bits, see
// [Server.AddProduct]. It returns the id of the transaction.
func (s *Server) BuyProduct(channel, user, sku string) string {
	id, err := s.buyProduct(s.ClientID(), channel, user, sku)
	s.fail("buy", err)
	return id
}

func (s *Server) buyProduct(clientID, channel, user, sku string) (id string, err error) {
	if err := s.needExtension(clientID); err != nil {
		return "", err
	}
	err = s.pair(channel, user, func(b, u string) error {
		t, err := s.world.Buy(clientID, b, u, sku)
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
