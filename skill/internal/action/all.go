package action

// All are all actions, in the order of the reference.
var All = []*Action{
	&say, &reply, &choose, &rotate, &send,
	&ban, &timeout, &deleteMessage,
	&title, &clip,
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
