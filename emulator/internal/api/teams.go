package api

import (
	"net/http"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func notFound(message string) error {
	return &world.Error{Status: http.StatusNotFound, Message: message}
}

func showTeam(t world.Team) obj {
	return obj{
		"background_image_url": nil, "banner": nil, "created_at": stamp(t.CreatedAt), "updated_at": stamp(t.UpdatedAt), "info": t.Info,
		"thumbnail_url": "https://static-cdn.jtvnw.net/jtv_user_pictures/team-" + t.Name + "-team_logo_image-600x600.png",
		"team_name":     t.Name, "team_display_name": t.DisplayName, "id": t.ID,
	}
}

func getChannelTeams(c *call) (obj, error) {
	b, ok := c.world.UserByID(c.broadcaster())
	if !ok {
		return nil, notFound("The broadcaster was not found.")
	}
	return data(every(c.world.TeamsOf(b.ID), func(t world.Team) obj {
		o := showTeam(t)
		o["broadcaster_id"], o["broadcaster_login"], o["broadcaster_name"] = b.ID, b.Login, b.DisplayName
		return o
	})...), nil
}

func getTeams(c *call) (obj, error) {
	t, err := c.world.TeamBy(c.query.Get("id"), c.query.Get("name"))
	if err != nil {
		return nil, err
	}
	o := showTeam(t)
	o["users"] = every(t.Members, showWho)
	return data(o), nil
}

// noTags is what is left of the tags that Twitch retired in 2023: empty lists.
// Since July 2023 Twitch itself answers 410.
func noTags(c *call) (obj, error) {
	answer := data()
	if c.endpoint.Paginated {
		answer["pagination"] = obj{}
	}
	return answer, nil
}
