package irc

// A Line is one line of IRC as it arrived, without its end. Every typed message has the
// line it was read from, for tags that have no field.
type Line string

// Message parses the line again. Nothing is allocated. It returns a zero Message if the
// line is not one, which cannot happen to the Raw of a message that was decoded.
func (l Line) Message() Message {
	m, err := Parse(string(l))
	if err != nil {
		return Message{}
	}
	return m
}

// Tags returns the tags of the line: m.Raw.Tags().Get("flags").
func (l Line) Tags() Tags {
	if len(l) == 0 || l[0] != '@' {
		return ""
	}
	tags, _, _ := cutByte(string(l[1:]), ' ')
	return Tags(tags)
}
