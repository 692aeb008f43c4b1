package oauth

import "context"

// FillFile stores many tokens in one write.
func FillFile(ctx context.Context, s *FileStore, tokens map[string]Token) error {
	return s.change(ctx, func(c *contents) error {
		for key, t := range tokens {
			if err := s.put(c, key, t); err != nil {
				return err
			}
		}
		return nil
	})
}
