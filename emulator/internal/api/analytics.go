package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// report is what both kinds of analytics answer of one subject. The report
// itself does not exist: nothing is served at its address.
func (c *call) report(what, id string) (obj, error) {
	from, err := c.moment("started_at")
	if err != nil {
		return nil, err
	}
	to, err := c.moment("ended_at")
	if err != nil {
		return nil, err
	}
	switch {
	case from.IsZero():
		to = time.Now().UTC().Truncate(24 * time.Hour)
		from = to.AddDate(0, 0, -90)
	case to.Before(from):
		return nil, malformed("ended_at", "the value must not be before started_at")
	}
	return obj{
		what + "_id": id, "type": "overview_v2", "date_range": obj{"started_at": stamp(from), "ended_at": stamp(to)},
		"URL": "https://reports.example.com/" + what + "/" + id + "/overview_v2.csv",
	}, nil
}

// reports answers with a page of reports on the subjects of these ids.
func (c *call) reports(what string, ids []string) (obj, error) {
	if id := c.get(what + "_id"); id != "" {
		if !slices.Contains(ids, id) {
			return nil, &world.Error{Status: http.StatusNotFound, Message: "The " + what + " was not found, or there are no reports of it."}
		}
		c.query.Del("after")
		ids = []string{id}
	}
	if _, err := c.report(what, ""); err != nil {
		return nil, err
	}
	return page(c, ids, func(id string) string { return id }, func(id string) obj {
		o, _ := c.report(what, id) // was checked above
		return o
	})
}

func getExtensionAnalytics(c *call) (obj, error) {
	return c.reports("extension", every(c.world.ExtensionsOf(c.grant.UserID), func(e world.Extension) string { return e.ID }))
}

// getGameAnalytics takes the user for the owner of all games.
func getGameAnalytics(c *call) (obj, error) {
	return c.reports("game", every(c.world.Games(), func(g world.Game) string { return g.ID }))
}
