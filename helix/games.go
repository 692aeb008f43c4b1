package helix

import "context"

// ByID gets the game or category with the given id. The error is [ErrNotFound] if
// there is none.
//
// Twitch: Get Games, GET /games. https://dev.twitch.tv/docs/api/reference#get-games
func (s *GamesService) ByID(ctx context.Context, id string) (*Game, error) {
	return s.only(ctx, GetGamesParams{IDs: []string{id}}, "id", id)
}

// ByName gets the game or category with exactly the given name, as
// [SearchService.Categories] finds it. The error is [ErrNotFound] if there is none.
func (s *GamesService) ByName(ctx context.Context, name string) (*Game, error) {
	return s.only(ctx, GetGamesParams{Names: []string{name}}, "name", name)
}

// ByIGDB gets the game that has the given id at https://www.igdb.com. The error is
// [ErrNotFound] if Twitch knows none.
func (s *GamesService) ByIGDB(ctx context.Context, igdbID string) (*Game, error) {
	return s.only(ctx, GetGamesParams{IGDBIDs: []string{igdbID}}, "igdb_id", igdbID)
}

// only gets the game whose parameter param is value.
func (s *GamesService) only(ctx context.Context, p GetGamesParams, param, value string) (*Game, error) {
	if value == "" {
		return nil, &ParamError{Endpoint: getGames, Param: param, Rule: "is required"}
	}
	found, err := s.Get(ctx, p)
	return first(found, err, getGames, "no game has the "+param+" "+clean(value))
}
