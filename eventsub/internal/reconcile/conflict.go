package reconcile

// A Listed is a subscription in Twitch's list.
type Listed struct {
	ID      string
	Key     string
	Session string
	Enabled bool
}

// A Verdict describes the existing subscriptions because of which Twitch refused to
// create another one with the same key.
type Verdict struct {
	Own    *Listed  // the one in a live session of this program
	Dead   []string // ids of those that can be deleted without loss
	Holder *Listed  // the one in a session of another program
}

// Judge classifies the listed subscriptions with a key. Live reports whether a session
// of this program is open, former whether a session was one of this program's earlier
// ones. A subscription is dead only if its status is not enabled or its session was one
// of this program's and has ended.
func Judge(key string, listed []Listed, live, former func(session string) bool) Verdict {
	var v Verdict
	for i := range listed {
		l := &listed[i]
		switch {
		case l.Key != key:
		case !l.Enabled:
			v.Dead = append(v.Dead, l.ID)
		case live(l.Session):
			v.Own = l
		case former(l.Session):
			v.Dead = append(v.Dead, l.ID)
		default:
			v.Holder = l
		}
	}
	return v
}
