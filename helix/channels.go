package helix

import "context"

// ByID gets the channel of the broadcaster with the given user id. The error is
// [ErrNotFound] if there is no such channel.
//
// Twitch: Get Channel Information, GET /channels.
// https://dev.twitch.tv/docs/api/reference#get-channel-information
func (s *ChannelsService) ByID(ctx context.Context, broadcasterID string) (*Channel, error) {
	if broadcasterID == "" {
		return nil, &ParamError{Endpoint: getChannelInformation, Param: "broadcaster_id", Rule: "is required"}
	}
	found, err := s.Get(ctx, GetChannelInformationParams{BroadcasterIDs: []string{broadcasterID}})
	return first(found, err, getChannelInformation, "no channel has the id "+clean(broadcasterID))
}
