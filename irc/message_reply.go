package irc

import "strings"

// A Parent is the message that a reply answers.
type Parent struct {
	ID                string
	UserID            string
	Login             string
	DisplayName       string
	Text              string
	ThreadID          string // ID of the first message of the thread
	ThreadUserID      string // ID of its author
	ThreadLogin       string
	ThreadDisplayName string
}

// Reply returns the message that this one answers. It is false if it answers none.
func (p *PrivMsg) Reply() (parent Parent, ok bool) {
	p.Raw.Tags().raw(func(k, v string) {
		name, isReply := strings.CutPrefix(k, "reply-")
		if !isReply {
			return
		}
		switch name {
		case "parent-msg-id":
			parent.ID = v
		case "parent-user-id":
			parent.UserID = v
		case "parent-user-login":
			parent.Login = v
		case "parent-display-name":
			parent.DisplayName = unescape(v)
		case "parent-msg-body":
			parent.Text = unescape(v)
		case "thread-parent-msg-id":
			parent.ThreadID = v
		case "thread-parent-user-id":
			parent.ThreadUserID = v
		case "thread-parent-user-login":
			parent.ThreadLogin = v
		case "thread-parent-display-name":
			parent.ThreadDisplayName = unescape(v)
		}
	})
	return parent, parent.ID != ""
}
