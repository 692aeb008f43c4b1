package catchup

import (
	"context"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// recentPolls returns the polls that began after a time and the one before, which may
// have ended after it: only one runs at a time.
func recentPolls(ctx context.Context, j *job, since time.Time) ([]helix.Poll, error) {
	return shared(ctx, j, "polls since "+since.String(), func() ([]helix.Poll, error) {
		var found []helix.Poll
		err := pages(j, func(after string) (*helix.Page[helix.Poll], error) {
			return j.tw.Polls.Get(ctx, helix.GetPollsParams{BroadcasterID: j.broadcasterID, First: 20, After: after})
		}, func(p helix.Poll) (bool, error) {
			found = append(found, p)
			return !p.StartedAt.Before(since), nil
		})
		return found, err
	})
}

func pollsBegun(ctx context.Context, j *job) error {
	if j.first() {
		return nil
	}
	since := j.since()
	polls, err := recentPolls(ctx, j, since)
	if err != nil {
		return err
	}
	for _, p := range polls {
		if p.StartedAt.Before(since) {
			continue
		}
		if err := j.add("Get Polls", p.StartedAt, &eventsub.ChannelPollBegin{
			ID: p.ID, BroadcasterUserID: p.BroadcasterID, BroadcasterUserLogin: p.BroadcasterLogin, BroadcasterUserName: p.BroadcasterName,
			Title: p.Title, Choices: choicesOf(p, false),
			BitsVoting:          eventsub.PollVoting{IsEnabled: p.BitsVotingEnabled, AmountPerVote: p.BitsPerVote},
			ChannelPointsVoting: eventsub.PollVoting{IsEnabled: p.ChannelPointsVotingEnabled, AmountPerVote: p.ChannelPointsPerVote},
			StartedAt:           p.StartedAt, EndsAt: p.StartedAt.Add(time.Duration(p.Duration) * time.Second),
		}); err != nil {
			return err
		}
	}
	return nil
}

func pollsEnded(ctx context.Context, j *job) error {
	if j.first() {
		return nil
	}
	since := j.since()
	polls, err := recentPolls(ctx, j, since)
	if err != nil {
		return err
	}
	for _, p := range polls {
		if p.Status == helix.PollStatusActive || p.EndedAt.IsZero() || p.EndedAt.Before(since) {
			continue
		}
		if err := j.add("Get Polls", p.EndedAt.Time, &eventsub.ChannelPollEnd{
			ID: p.ID, BroadcasterUserID: p.BroadcasterID, BroadcasterUserLogin: p.BroadcasterLogin, BroadcasterUserName: p.BroadcasterName,
			Title: p.Title, Choices: choicesOf(p, true),
			BitsVoting:          eventsub.PollVoting{IsEnabled: p.BitsVotingEnabled, AmountPerVote: p.BitsPerVote},
			ChannelPointsVoting: eventsub.PollVoting{IsEnabled: p.ChannelPointsVotingEnabled, AmountPerVote: p.ChannelPointsPerVote},
			Status:              eventsub.PollStatus(strings.ToLower(string(p.Status))),
			StartedAt:           p.StartedAt, EndedAt: p.EndedAt.Time,
		}); err != nil {
			return err
		}
	}
	return nil
}

func choicesOf(p helix.Poll, votes bool) []eventsub.PollChoice {
	choices := make([]eventsub.PollChoice, len(p.Choices))
	for i, c := range p.Choices {
		choices[i] = eventsub.PollChoice{ID: c.ID, Title: c.Title}
		if votes {
			choices[i].BitsVotes, choices[i].ChannelPointsVotes, choices[i].Votes = c.BitsVotes, c.ChannelPointsVotes, c.Votes
		}
	}
	return choices
}
