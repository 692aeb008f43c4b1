package world

import (
	"slices"
	"strings"
	"time"
)

// A Poll asks viewers to choose.
type Poll struct {
	ID            string
	Broadcaster   User
	Title         string
	Choices       []Choice
	PointsPerVote int    // of a further vote; 0: there are none
	Status        string // "ACTIVE", "COMPLETED", "TERMINATED", "ARCHIVED"
	Duration      time.Duration
	StartedAt     time.Time
	EndsAt        time.Time
	EndedAt       time.Time // zero while it is active
}

// A Choice is an answer of a [Poll].
type Choice struct {
	ID          string
	Title       string
	Votes       int // altogether
	PointsVotes int // those that were paid for with channel points
}

// poll is a Poll with its voters.
type poll struct {
	Poll
	voters map[string]bool // by user id
}

func (p *poll) snapshot() Poll {
	shown := p.Poll
	shown.Choices = slices.Clone(shown.Choices)
	return shown
}

// A NewPoll is a poll to be started.
type NewPoll struct {
	Title         string
	Choices       []string
	Duration      time.Duration
	PointsPerVote int // 0: no further votes for channel points
}

// StartPoll starts a poll, which ends by itself.
func (w *World) StartPoll(broadcasterID string, n NewPoll) (Poll, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return Poll{}, err
	}
	switch {
	case n.Title == "":
		return Poll{}, badRequest("The title field is required.")
	case len(n.Choices) < 2 || len(n.Choices) > 5:
		return Poll{}, badRequest("A poll must have 2 to 5 choices.")
	case n.Duration <= 0:
		return Poll{}, badRequest("The duration must be positive.")
	case ch.activePoll() != nil:
		return Poll{}, badRequest("The broadcaster already has an active poll.")
	}
	p := &poll{Poll: Poll{
		ID: w.uuid(), Broadcaster: *b, Title: n.Title, PointsPerVote: n.PointsPerVote, Status: "ACTIVE",
		Duration: n.Duration, StartedAt: c.now, EndsAt: c.now.Add(n.Duration),
	}, voters: map[string]bool{}}
	for _, title := range n.Choices {
		p.Choices = append(p.Choices, Choice{ID: w.uuid(), Title: title})
	}
	ch.polls = append(ch.polls, p)
	c.tell(PollChanged{About: c.about(b), Poll: p.snapshot(), Began: true})
	w.later(n.Duration, func(c *change) { w.settlePoll(c, p, "COMPLETED") })
	return p.snapshot(), nil
}

func (ch *channel) activePoll() *poll {
	if n := len(ch.polls); n > 0 && ch.polls[n-1].Status == "ACTIVE" {
		return ch.polls[n-1]
	}
	return nil
}

func (w *World) settlePoll(c *change, p *poll, status string) {
	if p.Status != "ACTIVE" {
		return
	}
	p.Status, p.EndedAt = status, c.now
	c.tell(PollChanged{About: c.about(w.users[p.Broadcaster.ID]), Poll: p.snapshot()})
}

// EndPoll ends a poll before its time. Status is "TERMINATED" or "ARCHIVED".
func (w *World) EndPoll(broadcasterID, pollID, status string) (Poll, error) {
	c := w.begin()
	defer c.end()
	_, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return Poll{}, err
	}
	at := slices.IndexFunc(ch.polls, func(p *poll) bool { return p.ID == pollID })
	switch {
	case at < 0:
		return Poll{}, badRequest("The ID in the id field was not found.")
	case ch.polls[at].Status != "ACTIVE":
		return Poll{}, badRequest("The poll must be active to be ended.")
	}
	w.settlePoll(c, ch.polls[at], status)
	return ch.polls[at].snapshot(), nil
}

// Vote has a user vote in the active poll, for the choice of a title. A second
// vote costs channel points, if the poll takes them.
func (w *World) Vote(broadcasterID, userID, choice string) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	u, err := w.user(userID)
	if err != nil {
		return err
	}
	p := ch.activePoll()
	if p == nil {
		return badRequest("The broadcaster has no active poll.")
	}
	at := slices.IndexFunc(p.Choices, func(other Choice) bool { return strings.EqualFold(other.Title, choice) })
	switch {
	case at < 0:
		return badRequest("The poll has no choice %q.", choice)
	case p.voters[u.ID] && p.PointsPerVote == 0:
		return badRequest("The user has voted already.")
	case p.voters[u.ID]:
		p.Choices[at].PointsVotes++
	}
	p.voters[u.ID] = true
	p.Choices[at].Votes++
	c.tell(PollChanged{About: c.about(b), Poll: p.snapshot()})
	return nil
}

// Polls returns the polls of a channel, newest first.
func (w *World) Polls(broadcasterID string) []Poll {
	w.settle()
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	all := make([]Poll, 0, len(ch.polls))
	for _, p := range slices.Backward(ch.polls) {
		all = append(all, p.snapshot())
	}
	return all
}
