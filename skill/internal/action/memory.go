package action

// memoryScopes are the values of scope.
var memoryScopes = []string{"skill", "channel", "user"}

// memoryFields are the fields that all actions on memory have, after their own.
func memoryFields(own ...Field) []Field {
	return append(own,
		Field{Name: "scope", Kind: KindEnum, Values: memoryScopes, Default: "skill", About: "who remembers it: this skill, all skills of the channel, or it is about a user"},
		Field{Name: "user", Kind: KindText, About: "the id of the user, with scope user; the user who caused the event by default"},
	)
}

var set = Action{
	Name: "set", Class: ClassInner,
	About:   "Remembers a value: memory.NAME is it from now on.",
	Example: "{key: greeting, value: '{args}', for: 1h}",
	Fields: memoryFields(
		Field{Name: "key", Kind: KindText, Required: true, About: "the name"},
		Field{Name: "value", Kind: KindValue, Required: true, About: "the value: text, number, true, list or mapping"},
		Field{Name: "for", Kind: KindDuration, About: "when it is forgotten"},
	),
	Detail: func(e Effect) string { return e.Text("key") },
}

var forget = Action{
	Name: "forget", Class: ClassInner, Short: "key",
	About:   "Forgets a value: memory.NAME is None from now on.",
	Example: "deaths",
	Fields:  memoryFields(Field{Name: "key", Kind: KindText, Required: true, About: "the name"}),
}

var increment = Action{
	Name: "increment", Class: ClassInner, Short: "key",
	About:   "Adds to a remembered whole number, which is 0 at first.",
	Example: "deaths",
	Fields: memoryFields(
		Field{Name: "key", Kind: KindText, Required: true, About: "the name"},
		Field{Name: "by", Kind: KindInt, Default: "1", About: "how much; less than 0 to subtract"},
	),
	Result: "counter", Outcome: []Attr{{"value", KindInt, "the new number"}},
}

var appendTo = Action{
	Name: "append", Class: ClassInner,
	About:   "Adds a value to the end of a remembered list.",
	Example: "{list: quotes, value: '{text}'}",
	Fields: memoryFields(
		Field{Name: "list", Kind: KindText, Required: true, About: "the name of the list"},
		Field{Name: "value", Kind: KindValue, Required: true, About: "what is added"},
		Field{Name: "most", Kind: KindInt, Min: 1, Max: 10_000, About: "how long the list may become; the oldest values leave it"},
	),
	Result: "list", Outcome: []Attr{{"length", KindInt, "how many values the list has"}},
	Detail: func(e Effect) string { return e.Text("list") },
}

var remove = Action{
	Name: "remove", Class: ClassInner,
	About:   "Takes a value out of a remembered list: the one at a place, equal ones, or the first.",
	Example: "{list: quotes, at: '{n}'}",
	Fields: memoryFields(
		Field{Name: "list", Kind: KindText, Required: true, About: "the name of the list"},
		Field{Name: "at", Kind: KindInt, About: "the place, from 1 on; -1 is the last"},
		Field{Name: "value", Kind: KindValue, About: "the value; all that are equal leave the list"},
	),
	Result: "removed",
	Outcome: []Attr{
		{"value", KindAny, "what was taken out; None if there was nothing"},
		{"length", KindInt, "how many values are left"},
	},
	Detail: func(e Effect) string { return e.Text("list") },
}
