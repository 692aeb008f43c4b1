package reconcile

// A Listed is a subscription in Twitch's list.
type Listed struct {
	ID      string
	Key     string
	Session string
	Enabled bool
}

// A Verdict says what stands in the way of a subscription that Twitch refused because
// it exists already.
type Verdict struct {
	Own    *Listed  // it exists in a live session of the user's own
	Dead   []string // ids of the same that can be deleted without harm
	Holder *Listed  // it exists in a session that was never ours: another program's
}

// Judge looks for the subscription with a key. Live reports whether a session id is
// of a session that exists now, former whether it once was ours. Only what is
// certainly dead is called so: a subscription whose status is not enabled, or whose
// session was ours and is gone.
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
