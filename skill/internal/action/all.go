package action

// All are all actions, in the order of the reference.
var All = []*Action{
	&say, &reply, &choose, &rotate, &send, &httpRequest,
	&announce, &whisper, &shoutout,
	&ban, &timeout, &unban, &warn, &deleteMessage, &clearChat, &approve, &deny, &approveUnban, &denyUnban,
	&chatSettings, &shield, &block, &unblock,
	&title, &category, &tags, &clip, &marker, &poll, &endPoll,
	&prediction, &lockPrediction, &resolvePrediction, &cancelPrediction,
	&raid, &cancelRaid, &commercial, &snooze, &vip, &unvip, &mod, &unmod,
	&fulfil, &refund, &createReward, &updateReward,
	&set, &forget, &increment, &appendTo, &remove,
	&wait, &run, &logText, &stop,
}

// byName finds actions.
var byName = func() map[string]*Action {
	m := make(map[string]*Action, len(All))
	for _, a := range All {
		m[a.Name] = a
	}
	return m
}()

// Named returns the action of a name, nil if there is none.
func Named(name string) *Action { return byName[name] }

// Names returns the names of all actions.
func Names() []string {
	names := make([]string, len(All))
	for i, a := range All {
		names[i] = a.Name
	}
	return names
}
