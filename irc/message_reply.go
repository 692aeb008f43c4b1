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
	p.Raw.Tags().rare(&parent, nil)
	return parent, parent.ID != ""
}

// tag reads a tag behind "reply-".
func (r *Parent) tag(name, v string) {
	switch name {
	case "parent-msg-id":
		r.ID = v
	case "parent-user-id":
		r.UserID = v
	case "parent-user-login":
		r.Login = v
	case "parent-display-name":
		r.DisplayName = unescape(v)
	case "parent-msg-body":
		r.Text = unescape(v)
	case "thread-parent-msg-id":
		r.ThreadID = v
	case "thread-parent-user-id":
		r.ThreadUserID = v
	case "thread-parent-user-login":
		r.ThreadLogin = v
	case "thread-parent-display-name":
		r.ThreadDisplayName = unescape(v)
	}
}

// rare reads the tags of replies and of shared chat, which few messages have. What is nil
// is not read.
func (t Tags) rare(r *Parent, shared *Shared) {
	for rest := string(t); rest != ""; {
		if rest[0] != 'r' && rest[0] != 's' {
			_, rest, _ = cutByte(rest, ';')
			continue
		}
		var k, v string
		k, v, rest = nextTag(rest)
		if name, ok := strings.CutPrefix(k, "reply-"); ok && r != nil {
			r.tag(name, v)
		} else if name, ok := strings.CutPrefix(k, "source-"); ok && shared != nil {
			shared.tag(name, v)
		}
	}
}
