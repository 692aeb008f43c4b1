package api

import "github.com/larkspur-dev/larkspur/emulator/internal/world"

// automodLevels are the categories of AutoMod, as Helix calls them.
var automodLevels = []struct {
	name  string
	level func(*world.AutoModSettings) *int
}{
	{"disability", func(s *world.AutoModSettings) *int { return &s.Disability }},
	{"aggression", func(s *world.AutoModSettings) *int { return &s.Aggression }},
	{"sexuality_sex_or_gender", func(s *world.AutoModSettings) *int { return &s.Sexuality }},
	{"misogyny", func(s *world.AutoModSettings) *int { return &s.Misogyny }},
	{"bullying", func(s *world.AutoModSettings) *int { return &s.Bullying }},
	{"swearing", func(s *world.AutoModSettings) *int { return &s.Swearing }},
	{"race_ethnicity_or_religion", func(s *world.AutoModSettings) *int { return &s.Race }},
	{"sex_based_terms", func(s *world.AutoModSettings) *int { return &s.SexTerms }},
}

func (c *call) showAutoMod(s world.AutoModSettings) obj {
	o := obj{"broadcaster_id": c.broadcaster(), "moderator_id": c.get("moderator_id"), "overall_level": nil}
	if s.Overall > 0 {
		o["overall_level"] = s.Overall
	}
	for _, l := range automodLevels {
		o[l.name] = *l.level(&s)
	}
	return data(o)
}

func getAutoMod(c *call) (obj, error) { return c.showAutoMod(c.world.AutoMod(c.broadcaster())), nil }

// updateAutoMod replaces all settings: what the call leaves out is 0.
func updateAutoMod(c *call) (obj, error) {
	var s world.AutoModSettings
	if overall, ok := c.number("overall_level"); ok {
		s = world.OverallAutoMod(overall)
	}
	for _, l := range automodLevels {
		if level, ok := c.number(l.name); ok {
			*l.level(&s) = level
		}
	}
	if err := c.world.SetAutoMod(c.broadcaster(), c.acting(), s); err != nil {
		return nil, err
	}
	return c.showAutoMod(s), nil
}

func checkAutoMod(c *call) (obj, error) {
	messages, _ := field[[]any](c, "data")
	if len(messages) == 0 {
		return nil, missing("data")
	}
	return data(every(messages, func(m any) obj {
		message, _ := m.(obj) // checkParams has seen that they are objects of texts
		text, _ := message["msg_text"].(string)
		return obj{"msg_id": message["msg_id"], "is_permitted": c.world.WouldPass(c.broadcaster(), text)}
	})...), nil
}

func resolveHeld(c *call) (obj, error) {
	return nil, c.world.ResolveHeld(c.acting(), c.get("msg_id"), c.get("action") == "ALLOW")
}

func (c *call) showTerm(t world.BlockedTerm) obj {
	return obj{
		"broadcaster_id": c.broadcaster(), "moderator_id": t.Moderator.ID, "id": t.ID, "text": t.Text,
		"created_at": stamp(t.CreatedAt), "updated_at": stamp(t.UpdatedAt), "expires_at": nil,
	}
}

func getTerms(c *call) (obj, error) {
	return page(c, c.world.BlockedTerms(c.broadcaster()), func(t world.BlockedTerm) string { return t.ID }, c.showTerm)
}

func addTerm(c *call) (obj, error) {
	t, err := c.world.AddBlockedTerm(c.broadcaster(), c.acting(), c.get("text"))
	if err != nil {
		return nil, err
	}
	return data(c.showTerm(t)), nil
}

func removeTerm(c *call) (obj, error) {
	return nil, c.world.RemoveBlockedTerm(c.broadcaster(), c.acting(), c.get("id"))
}
