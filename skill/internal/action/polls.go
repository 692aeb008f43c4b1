package action

import (
	"context"
	"errors"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

var poll = Action{
	Name: "poll", Class: ClassChannel,
	About:     "Starts a poll.",
	Example:   "{title: Which game?, choices: [Chess, Go], for: 2m}",
	Endpoints: []string{"create-poll"},
	Fields: []Field{
		{Name: "title", Kind: KindText, Required: true, Length: 60, About: "the question"},
		{Name: "choices", Kind: KindTexts, Required: true, Min: 2, Max: 5, Length: 25, About: "2 to 5 answers: a list, or a text with commas"},
		{Name: "for", Kind: KindDuration, Default: "2m", Shortest: 15 * time.Second, Longest: 30 * time.Minute, About: "how long"},
		{Name: "points", Kind: KindInt, Min: 1, Max: 1_000_000, About: "channel points for another vote"},
	},
	Result: "poll", Outcome: []Attr{{"id", KindText, "the id of the poll"}},
	Detail: func(e Effect) string { return e.Text("title") },
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		p := helix.CreatePollParams{BroadcasterID: t.Broadcaster.ID, Title: e.Text("title"), Duration: e.Seconds("for")}
		for _, c := range e.Texts("choices") {
			p.Choices = append(p.Choices, helix.NewPollChoice{Title: c})
		}
		if e.Has("points") {
			on := true
			p.ChannelPointsVotingEnabled, p.ChannelPointsPerVote = on, e.Int("points")
		}
		made, err := t.Client.Polls.Create(ctx, p)
		if err != nil {
			return nil, err
		}
		return map[string]any{"id": made.ID}, nil
	},
}

var errNoPoll = errors.New("there is no poll that runs")

var endPoll = Action{
	Name: "end-poll", Class: ClassChannel,
	About:     "Ends a poll before its time.",
	Example:   "{show: true}",
	Endpoints: []string{"end-poll", "get-polls"},
	Fields: []Field{
		{Name: "id", Kind: KindText, About: "the id of the poll; the one that runs by default"},
		{Name: "show", Kind: KindBool, Default: "true", About: "whether the result stays visible"},
	},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		id := e.Text("id")
		if id == "" {
			polls, err := t.Client.Polls.Get(ctx, helix.GetPollsParams{BroadcasterID: t.Broadcaster.ID, First: 1})
			if err != nil {
				return nil, err
			}
			if len(polls.Items) == 0 || polls.Items[0].Status != "ACTIVE" {
				return nil, errNoPoll
			}
			id = polls.Items[0].ID
		}
		status := "ARCHIVED"
		if e.Bool("show") {
			status = "TERMINATED"
		}
		_, err := t.Client.Polls.End(ctx, helix.EndPollParams{BroadcasterID: t.Broadcaster.ID, ID: id, Status: helix.PollStatus(status)})
		return nil, err
	},
}
