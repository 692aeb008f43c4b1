package store

import "context"

// FreeLeases frees what dead processes hold.
func (s *Store) FreeLeases(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM leases`)
	return err
}
