// Package wire decodes the JSON that Twitch sends over EventSub: the envelopes of
// messages, and the events inside them into Go structs.
//
// It is lenient. A value of another JSON type than documented is converted
// where its meaning is clear: "30" for a number, 12345 for an id, "True" for a
// boolean, "" for the zero time. A value that cannot be converted leaves its field at
// the zero value and is reported as an [Unread]. Only text that is not JSON, and
// an envelope without the parts that identify it, are errors.
package wire

// An Unread is a value that could not be read into its field.
type Unread struct {
	Path string // "message.fragments[0].text"
	Got  string // the JSON type of the value: "object"
	Want string // what the field holds: "string"
}
