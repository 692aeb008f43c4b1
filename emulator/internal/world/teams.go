package world

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Team is a group of broadcasters.
type Team struct {
	ID          string
	Name        string // "livecoders"
	DisplayName string
	Info        string
	Members     []User
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// team is a Team whose members are kept by id.
type team struct {
	Team
	ids []string
}

func (w *World) showTeam(t *team) Team {
	shown := t.Team
	for _, id := range t.ids {
		shown.Members = append(shown.Members, *w.users[id])
	}
	return shown
}

// AddTeam makes a team, or adds members to the one of that name. A name in
// mixed case is also the display name.
func (w *World) AddTeam(name string, memberIDs ...string) (Team, error) {
	c := w.begin()
	defer c.end()
	lower := strings.ToLower(name)
	if !validLogin(lower) {
		return Team{}, badRequest("%q is no name of a team.", name)
	}
	for _, id := range memberIDs {
		if _, err := w.user(id); err != nil {
			return Team{}, err
		}
	}
	i := slices.IndexFunc(w.teams, func(t *team) bool { return t.Name == lower })
	if i < 0 {
		i = len(w.teams)
		w.teams = append(w.teams, &team{Team: Team{
			ID: strconv.FormatUint(1000+w.number("team", lower)%90_000, 10), Name: lower, DisplayName: name,
			Info: "<p>The team " + name + ".</p>", CreatedAt: c.now.Truncate(time.Second),
		}})
	}
	t := w.teams[i]
	t.UpdatedAt = c.now.Truncate(time.Second)
	for _, id := range memberIDs {
		if !slices.Contains(t.ids, id) {
			t.ids = append(t.ids, id)
		}
	}
	return w.showTeam(t), nil
}

// TeamBy returns the team of an id or a name.
func (w *World) TeamBy(id, name string) (Team, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	for _, t := range w.teams {
		if (id != "" && t.ID == id) || (name != "" && t.Name == strings.ToLower(name)) {
			return w.showTeam(t), nil
		}
	}
	return Team{}, refuse(http.StatusNotFound, "The specified team was not found.")
}

// TeamsOf returns the teams that a broadcaster is a member of.
func (w *World) TeamsOf(broadcasterID string) []Team {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var all []Team
	for _, t := range w.teams {
		if slices.Contains(t.ids, broadcasterID) {
			all = append(all, w.showTeam(t))
		}
	}
	return all
}
