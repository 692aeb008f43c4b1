package helix

import "context"

// ByID gets the application's conduit with the given id, by listing all of them: there
// are five at most. The error is [ErrNotFound] if the application has no such conduit.
//
// Twitch: Get Conduits, GET /eventsub/conduits.
// https://dev.twitch.tv/docs/api/reference#get-conduits
func (s *ConduitsService) ByID(ctx context.Context, id string) (*Conduit, error) {
	if id == "" {
		return nil, &ParamError{Endpoint: getConduits, Param: "id", Rule: "is required"}
	}
	all, err := s.Get(ctx)
	var found []Conduit
	for i := range all {
		if all[i].ID == id {
			found = all[i : i+1]
		}
	}
	return first(found, err, getConduits, "no conduit has the id "+clean(id))
}
