package api

// labels are Twitch's content classification labels. The texts are English
// whatever the locale.
var labels = []struct{ id, name, description string }{
	{"DebatedSocialIssuesAndPolitics", "Politics and Sensitive Social Issues", "Discussions of politics or of social issues on which people differ."},
	{"DrugsIntoxication", "Drugs, Intoxication, or Excessive Tobacco Use", "Heavy drinking or smoking, or talk about legal drugs."},
	{"Gambling", "Gambling", "Games of chance for money."},
	{"MatureGame", "Mature-rated game", "A game that is rated for adults."},
	{"ProfanityVulgarity", "Significant Profanity or Vulgarity", "Long and repeated use of coarse words."},
	{"SexualThemes", "Sexual Themes", "Content that is about bodies and sexuality."},
	{"ViolentGraphic", "Violent and Graphic Depictions", "Realistic violence, blood or injuries."},
}

func getLabels(*call) (obj, error) {
	items := []obj{}
	for _, l := range labels {
		items = append(items, obj{"id": l.id, "name": l.name, "description": l.description})
	}
	return data(items...), nil
}
