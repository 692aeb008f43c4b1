package emulator

import "github.com/larkspur-dev/larkspur/emulator/internal/world"

// extensionVerbs make extensions, and let channels and viewers use them. Each takes a
// client_id for a client other than the registered one.
var extensionVerbs = []verb{
	{"extension", "user secret? client_id?", "A client becomes an extension that user owns; secret is in base64.", "user=dev", (*Server).orderExtension},
	{"product", "id title bits client_id?", "An extension sells a product; id is the SKU.", "id=hat title=Hat bits=5", (*Server).orderProduct},
	{"activate-extension", "broadcaster client_id?", "A channel activates an extension.", "broadcaster=ada", (*Server).orderActivation},
	{"buy", "broadcaster user id client_id?", "A user buys a product of an extension; id is the SKU.", "broadcaster=ada user=grace id=hat", (*Server).orderPurchase},
}

func (s *Server) orderExtension(o order) (any, error) {
	clientID, err := s.clientOf(o)
	if err != nil {
		return nil, err
	}
	e, err := s.addExtension(clientID, o.User, o.Secret)
	if err != nil {
		return nil, err
	}
	return map[string]string{"client_id": clientID, "owner_id": e.Owner.ID, "version": e.Version, "secret": e.Secrets[0].Content}, nil
}

func (s *Server) orderProduct(o order) (any, error) {
	clientID, err := s.clientOf(o)
	if err != nil {
		return nil, err
	}
	return nil, s.addProduct(clientID, world.Product{SKU: o.ID, Name: o.Title, Bits: o.Bits})
}

func (s *Server) orderActivation(o order) (any, error) {
	clientID, err := s.clientOf(o)
	if err != nil {
		return nil, err
	}
	return nil, s.activateExtension(o.Broadcaster, clientID)
}

func (s *Server) orderPurchase(o order) (any, error) {
	clientID, err := s.clientOf(o)
	if err != nil {
		return nil, err
	}
	return withID(s.buyProduct(clientID, o.Broadcaster, o.User, o.ID))
}
