package push

import (
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// The parts of polls and predictions.
type (
	pollPart struct {
		ID string `json:"id"`
		broadcaster
		Title        string   `json:"title"`
		Choices      []choice `json:"choices"`
		BitsVoting   voting   `json:"bits_voting"`
		PointsVoting voting   `json:"channel_points_voting"`
	}
	choice struct {
		ID     string `json:"id"`
		Title  string `json:"title"`
		Bits   int    `json:"bits_votes"`
		Points int    `json:"channel_points_votes"`
		Votes  int    `json:"votes"`
	}
	voting struct {
		IsEnabled bool `json:"is_enabled"`
		Amount    int  `json:"amount_per_vote"`
	}
	predictionPart struct {
		ID string `json:"id"`
		broadcaster
		Title    string    `json:"title"`
		Outcomes []outcome `json:"outcomes"`
	}
	outcome struct {
		ID         string      `json:"id"`
		Title      string      `json:"title"`
		Color      string      `json:"color"`
		Users      int         `json:"users"`
		Points     int         `json:"channel_points"`
		Predictors []predictor `json:"top_predictors"`
	}
	predictor struct {
		user
		Won  *int `json:"channel_points_won"` // null until resolved
		Used int  `json:"channel_points_used"`
	}
)

func poll(b broadcaster, f *world.PollChanged) event {
	p := f.Poll
	part := func() pollPart {
		choices := make([]choice, len(p.Choices))
		for i, c := range p.Choices {
			choices[i] = choice{ID: c.ID, Title: c.Title, Points: c.PointsVotes, Votes: c.Votes}
		}
		return pollPart{p.ID, b, p.Title, choices, voting{}, voting{p.PointsPerVote > 0, p.PointsPerVote}}
	}
	if p.Status != "ACTIVE" {
		return inChannel("channel.poll.end", "1", b, func() any {
			return struct {
				pollPart
				Status    string    `json:"status"`
				StartedAt time.Time `json:"started_at"`
				EndedAt   time.Time `json:"ended_at"`
			}{part(), strings.ToLower(p.Status), p.StartedAt, p.EndedAt}
		})
	}
	name := "channel.poll.progress"
	if f.Began {
		name = "channel.poll.begin"
	}
	return inChannel(name, "1", b, func() any {
		return struct {
			pollPart
			StartedAt time.Time `json:"started_at"`
			EndsAt    time.Time `json:"ends_at"`
		}{part(), p.StartedAt, p.EndsAt}
	})
}

func outcomesOf(p world.Prediction) []outcome {
	all := make([]outcome, len(p.Outcomes))
	for i, o := range p.Outcomes {
		all[i] = outcome{o.ID, o.Title, strings.ToLower(o.Color), len(o.Predictors), o.Points, []predictor{}}
		for _, one := range o.Predictors[:min(len(o.Predictors), 10)] {
			shown := predictor{user: asUser(one.User), Used: one.Used}
			if p.Status == "RESOLVED" {
				shown.Won = &one.Won
			}
			all[i].Predictors = append(all[i].Predictors, shown)
		}
	}
	return all
}

func prediction(b broadcaster, f *world.PredictionChanged) event {
	p := f.Prediction
	return inChannel("channel.prediction."+string(f.Phase), "1", b, func() any {
		part := predictionPart{p.ID, b, p.Title, outcomesOf(p)}
		switch f.Phase {
		case world.Locks:
			return struct {
				predictionPart
				StartedAt time.Time `json:"started_at"`
				LockedAt  time.Time `json:"locked_at"`
			}{part, p.CreatedAt, p.LockedAt}
		case world.Ends:
			return struct {
				predictionPart
				Winner    *string   `json:"winning_outcome_id"`
				Status    string    `json:"status"`
				StartedAt time.Time `json:"started_at"`
				EndedAt   time.Time `json:"ended_at"`
			}{part, orNull(p.WinningID), strings.ToLower(p.Status), p.CreatedAt, p.EndedAt}
		default: // it begins or goes on
			return struct {
				predictionPart
				StartedAt time.Time `json:"started_at"`
				LocksAt   time.Time `json:"locks_at"`
			}{part, p.CreatedAt, p.LocksAt}
		}
	})
}

func sharedChat(b broadcaster, f *world.SharedChatChanged) event {
	type session struct {
		ID string `json:"session_id"`
		broadcaster
		HostID    string `json:"host_broadcaster_user_id"`
		HostLogin string `json:"host_broadcaster_user_login"`
		HostName  string `json:"host_broadcaster_user_name"`
	}
	return inChannel("channel.shared_chat."+f.Change, "1", b, func() any {
		host := f.Session.Host
		s := session{f.Session.ID, b, host.ID, host.Login, host.DisplayName}
		if f.Change == "end" {
			return s
		}
		var all []broadcaster
		for _, u := range f.Session.Participants {
			all = append(all, asBroadcaster(u))
		}
		return struct {
			session
			Participants []broadcaster `json:"participants"`
		}{s, all}
	})
}
