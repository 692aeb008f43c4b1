package reconcile

import "time"

// A Status is a summary of a Set.
type Status struct {
	Active  int       // wanted subscriptions that exist
	Wanted  int       // wanted subscriptions
	Err     error     // why the first missing one is missing, in the order in which they were wanted
	Again   time.Time // when the next of those is tried; zero: after the next change
	Settled bool      // no request is under way, and none could be started
}

// Status returns a summary. It is based on the last call of Next.
func (s *Set) Status() Status {
	st := Status{Wanted: len(s.wanted), Settled: true}
	for _, e := range s.wanted {
		switch {
		case e.state == held:
			st.Active++
		case e.state == missing && e.blocked():
			if st.Err == nil {
				st.Err = e.waitErr
			}
			if !e.waitTill.IsZero() && (st.Again.IsZero() || e.waitTill.Before(st.Again)) {
				st.Again = e.waitTill
			}
		default:
			st.Settled = false
		}
	}
	return st
}

// A Result is the state of one wanted subscription.
type Result struct {
	Held         bool
	Waits        bool         // it is not tried now
	Subscription Subscription // while held
	Err          error        // why the last attempt failed; nil while held or not tried
	Again        time.Time    // when it is tried again; zero: soon, or after the next change
}

// Result returns the state of the subscription with a key.
func (s *Set) Result(key string) Result {
	e := s.entries[key]
	switch {
	case e == nil:
		return Result{}
	case e.state == held || e.state == deleting:
		return Result{Held: true, Subscription: e.sub}
	case e.state == missing && e.blocked():
		return Result{Waits: true, Err: e.waitErr, Again: e.waitTill}
	default:
		return Result{Err: e.reason(nil)}
	}
}
