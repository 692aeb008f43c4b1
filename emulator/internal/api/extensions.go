package api

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func (c *call) showExtension(e world.Extension, state string) obj {
	files := "https://extension-files.twitch.tv/" + e.ID + "/" + e.Version + "/"
	view := func(more obj) obj {
		more["viewer_url"] = "https://" + e.ID + ".ext-twitch.tv/" + e.ID + "/" + e.Version + "/index.html"
		return more
	}
	return obj{
		"author_name": e.Owner.DisplayName, "bits_enabled": true, "can_install": state == "Released", "configuration_location": "hosted",
		"description": "An extension that lives in the emulator.", "eula_tos_url": "", "has_chat_support": true, "icon_url": files + "icon-100.png",
		"icon_urls": obj{"24x24": files + "icon-24.png", "100x100": files + "icon-100.png", "300x200": files + "icon-300.png"},
		"id":        e.ID, "name": e.Name, "privacy_policy_url": "", "request_identity_link": true, "screenshot_urls": []string{files + "screenshot.png"},
		"state": state, "subscriptions_support_level": "optional", "summary": "Lives in the emulator.", "support_email": e.Owner.Email,
		"version": e.Version, "viewer_summary": "Lives in the emulator.",
		"views": obj{
			"mobile": view(obj{}), "panel": view(obj{"height": 300, "can_link_external_content": false}),
			"video_overlay": view(obj{"can_link_external_content": false}), "config": view(obj{"can_link_external_content": false}),
			"component": view(obj{
				"aspect_ratio_x": 100, "aspect_ratio_y": 100, "autoscale": true, "scale_pixels": 1024, "target_height": 50, "can_link_external_content": false,
			}),
		},
		"allowlisted_config_urls": []string{}, "allowlisted_panel_urls": []string{},
	}
}

// answerExtension shows an extension if it has the version that is asked for.
func (c *call) answerExtension(id, state string) (obj, error) {
	e, ok := c.world.ReleasedExtension(id)
	if v := c.get("extension_version"); !ok || (v != "" && v != e.Version) {
		return nil, notFound("The extension was not found, or it has no such version.")
	}
	return data(c.showExtension(e, state)), nil
}

func getExtensions(c *call) (obj, error) { return c.answerExtension(c.extension.ID, "InTest") }

func getReleasedExtensions(c *call) (obj, error) {
	return c.answerExtension(c.get("extension_id"), "Released")
}

func getExtensionLive(c *call) (obj, error) {
	all, err := c.world.ExtensionStreams(c.get("extension_id"))
	if err != nil {
		return nil, err
	}
	answer, err := page(c, all, streamID, func(s world.Stream) obj {
		return obj{
			"broadcaster_id": s.Broadcaster.ID, "broadcaster_name": s.Broadcaster.DisplayName,
			"game_name": s.Game.Name, "game_id": s.Game.ID, "title": s.Title,
		}
	})
	if err != nil {
		return nil, err
	}
	// The cursor is no object here.
	cursor, _ := answer["pagination"].(obj)["cursor"].(string)
	answer["pagination"] = cursor
	return answer, nil
}

func showSecrets(e world.Extension) obj {
	return data(obj{"format_version": 1, "secrets": every(e.Secrets, func(s world.ExtensionSecret) obj {
		return obj{"content": s.Content, "active_at": stamp(s.ActiveAt), "expires_at": stamp(s.Expires)}
	})})
}

func getSecrets(c *call) (obj, error) { return showSecrets(c.extension), nil }

func createSecret(c *call) (obj, error) {
	e, err := c.world.AddSecret(c.extension.ID, time.Duration(c.count("delay", 300))*time.Second)
	if err != nil {
		return nil, err
	}
	return showSecrets(e), nil
}
