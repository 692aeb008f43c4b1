package reconcile

import "time"

// A Status sums up a Set.
type Status struct {
	Active  int       // subscriptions that exist and are wanted
	Wanted  int       // subscriptions that are wanted
	Err     error     // the first reason why one is missing, in the order of wanting
	Again   time.Time // when the next of those is tried; zero: not before something changes
	Settled bool      // nothing is under way, or could be
}

// Status sums up. What waits is as the last call of Next found it.
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

// A Result is what became of one wanted subscription.
type Result struct {
	Held         bool
	Waits        bool         // it is not tried at present
	Subscription Subscription // while held
	Err          error        // why the last attempt failed; nil while held or not tried
	Again        time.Time    // when it is tried again; zero: soon, or not before something changes
}

// Result returns what became of the subscription with a key.
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
