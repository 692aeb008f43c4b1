package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// pollsKept is how long polls are listed.
const pollsKept = 90 * 24 * time.Hour

func pollID(p world.Poll) string { return p.ID }

func showPoll(p world.Poll) obj {
	b := p.Broadcaster
	return obj{
		"id": p.ID, "broadcaster_id": b.ID, "broadcaster_name": b.DisplayName, "broadcaster_login": b.Login, "title": p.Title,
		"choices": every(p.Choices, func(choice world.Choice) obj {
			return obj{
				"id": choice.ID, "title": choice.Title, "votes": choice.Votes,
				"channel_points_votes": choice.PointsVotes, "bits_votes": 0,
			}
		}),
		"bits_voting_enabled": false, "bits_per_vote": 0, // Twitch does not use them any more
		"channel_points_voting_enabled": p.PointsPerVote > 0, "channel_points_per_vote": p.PointsPerVote,
		"status": p.Status, "duration": int(p.Duration / time.Second),
		"started_at": stamp(p.StartedAt), "ended_at": stampOrNull(p.EndedAt),
	}
}

func getPolls(c *call) (obj, error) {
	all := slices.DeleteFunc(c.world.Polls(c.broadcaster()), func(p world.Poll) bool { return time.Since(p.StartedAt) > pollsKept })
	all = only(c, "id", all, pollID)
	if c.has("id") && len(all) == 0 {
		return nil, &world.Error{Status: http.StatusNotFound, Message: "None of the IDs in the id query parameters were found."}
	}
	return page(c, all, pollID, showPoll)
}

func createPoll(c *call) (obj, error) {
	n := world.NewPoll{Title: c.get("title"), Choices: c.titles("choices")}
	if seconds, ok := c.number("duration"); ok {
		n.Duration = time.Duration(seconds) * time.Second
	}
	if on, _ := field[bool](c, "channel_points_voting_enabled"); on {
		if n.PointsPerVote, _ = c.number("channel_points_per_vote"); n.PointsPerVote == 0 {
			return nil, missing("channel_points_per_vote")
		}
	}
	p, err := c.world.StartPoll(c.broadcaster(), n)
	if err != nil {
		return nil, err
	}
	return data(showPoll(p)), nil
}

// titles returns the titles in a list of objects of the body.
func (c *call) titles(name string) []string {
	items, _ := field[[]any](c, name)
	return every(items, func(item any) string {
		one, _ := item.(obj) // checkParams has seen that they are objects with a text
		title, _ := one["title"].(string)
		return title
	})
}

func endPoll(c *call) (obj, error) {
	p, err := c.world.EndPoll(c.broadcaster(), c.get("id"), c.get("status"))
	if err != nil {
		return nil, err
	}
	return data(showPoll(p)), nil
}
