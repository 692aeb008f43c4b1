package action

// The actions that the engine carries out by itself have no Do.

var logText = Action{
	Name: "log", Class: ClassInner, Short: "text",
	About:   "Writes a line to the program's log.",
	Example: "'{event.user_name} was here'",
	Fields: []Field{
		{Name: "text", Kind: KindText, Required: true, About: "the line"},
	},
}

var stop = Action{
	Name: "stop", Class: ClassInner,
	About:   "Ends the skill: no further action of it runs.",
	Example: "",
}
