package world

import (
	"net/http"
	"slices"
	"time"
)

// A Product is something that an extension sells for bits.
type Product struct {
	SKU           string
	Name          string
	Bits          int
	InDevelopment bool
	Expires       time.Time // zero: never
	Broadcast     bool      // a purchase is shown to all viewers
}

// A Transaction is the purchase of a [Product].
type Transaction struct {
	ID          string
	ExtensionID string
	Broadcaster User
	User        User
	Product     Product
	At          time.Time
}

// ProductBought is the fact that a user bought a product of an extension.
type ProductBought struct {
	About
	Transaction Transaction
}

// SetProduct adds or replaces a product of an extension.
func (w *World) SetProduct(id string, p Product) error {
	c := w.begin()
	defer c.end()
	e, err := w.extension(id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(e.products, func(other Product) bool { return other.SKU == p.SKU })
	if i < 0 {
		e.products = append(e.products, p)
	} else {
		e.products[i] = p
	}
	return nil
}

// Products returns the products of an extension, in the order in which they came.
func (w *World) Products(id string) ([]Product, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	e, err := w.extension(id)
	if err != nil {
		return nil, err
	}
	return slices.Clone(e.products), nil
}

// Buy has a viewer buy a product of an extension.
func (w *World) Buy(id, broadcasterID, userID, sku string) (Transaction, error) {
	c := w.begin()
	defer c.end()
	e, err := w.extension(id)
	if err != nil {
		return Transaction{}, err
	}
	b, _, err := w.broadcaster(broadcasterID)
	if err != nil {
		return Transaction{}, err
	}
	u, err := w.user(userID)
	if err != nil {
		return Transaction{}, err
	}
	i := slices.IndexFunc(e.products, func(p Product) bool { return p.SKU == sku })
	if i < 0 || (!e.products[i].Expires.IsZero() && !c.now.Before(e.products[i].Expires)) {
		return Transaction{}, refuse(http.StatusNotFound, "The extension does not sell %s.", sku)
	}
	t := Transaction{ID: w.uuid(), ExtensionID: id, Broadcaster: *b, User: *u, Product: e.products[i], At: c.now}
	e.transactions = append(e.transactions, t)
	c.tell(ProductBought{About: c.about(b), Transaction: t})
	return t, nil
}

// Transactions returns what was bought from an extension, newest first.
func (w *World) Transactions(id string) []Transaction {
	w.mu.RLock()
	defer w.mu.RUnlock()
	e := w.extensions[id]
	if e == nil {
		return nil
	}
	all := slices.Clone(e.transactions)
	slices.Reverse(all)
	return all
}
