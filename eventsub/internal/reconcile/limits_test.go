package reconcile

import (
	"testing"
	"time"
)

var three = Options{Connections: 3, PerConnection: 2, Parallel: 10}

func TestSubscriptionsAreSpreadOverConnections(t *testing.T) {
	y := newStory(t, three)
	y.want("a", "b", "c", "d", "e", "f", "g")
	y.next("connect 0", "connect 1", "connect 2")
	y.session(0, "A")
	y.session(1, "B")
	y.session(2, "C")
	y.next("connect 0", "connect 1", "connect 2", "create a on A", "create c on B", "create e on C")
	y.created("a", "c", "e")
	y.next("connect 0", "connect 1", "connect 2", "create b on A", "create d on B", "create f on C")
	y.created("b", "d", "f")
	y.next("connect 0", "connect 1", "connect 2")
	y.status("6 of 7, " + ErrTooMany.Error())

	y.want("a", "b", "c", "d", "f", "g")
	y.next("connect 0", "connect 1", "connect 2", "delete e")
	y.s.Deleted(y.ends["e"], nil, y.now)
	y.next("connect 0", "connect 1", "connect 2", "create g on C")
	y.created("g")

	y.want("a", "f", "g")
	y.next("connect 0", "connect 2", "delete b") // the second connection is empty
	y.status("3 of 3")
}

func TestLostConnectionGetsItsOwnSubscriptionsBack(t *testing.T) {
	y := newStory(t, three)
	y.want("a", "b", "c", "d")
	y.session(0, "A")
	y.session(1, "B")
	y.next("connect 0", "connect 1", "create a on A", "create c on B")
	y.created("a", "c")
	y.next("connect 0", "connect 1", "create b on A", "create d on B")
	y.created("b", "d")
	y.lose(0, "A")
	y.next("connect 0", "connect 1")
	y.status("2 of 4, at work")
	y.session(0, "C")
	y.next("connect 0", "connect 1", "create a on C")
	y.created("a")
	y.next("connect 0", "connect 1", "create b on C")
}

// A second program may use up the user's connections. A connection on which nothing can
// be subscribed is therefore opened less and less often.
func TestConnectionWithoutSuccessIsOpenedLessOften(t *testing.T) {
	y := newStory(t, Options{Connections: 2, PerConnection: 1, Parallel: 10})
	y.want("a", "b")
	y.session(0, "A")
	y.next("connect 0", "connect 1", "create a on A")
	y.created("a")
	opened := 0
	for start := y.now; y.now.Sub(start) < time.Hour; {
		y.plan = y.s.Next(y.now)
		if y.plan.Connect[1] && len(y.plan.Create) == 0 {
			opened++
			y.session(1, "B")
			continue
		}
		for _, a := range y.plan.Create {
			y.s.Failed(a, errRefused, Limited, y.now)
		}
		if len(y.plan.Create) == 0 {
			y.now = y.plan.Wake
		}
	}
	if opened < 5 || opened > 20 {
		t.Errorf("opened in an hour: got %d times, want about ten", opened)
	}
}

// After a refusal because of the cost limit, other subscriptions with a cost are not
// tried for a while; those without a cost are.
func TestLimitDelaysOnlyAffectedSubscriptions(t *testing.T) {
	y := newStory(t, one)
	y.want("a$", "b$", "c$", "d$", "e$", "f", "g")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.created("a")
	y.next("connect 0", "create b on A", "create c on A", "create d on A")
	y.failed(Limited, "b", "c", "d")
	y.next("connect 0", "create f on A", "create g on A")
	y.created("f", "g")
	y.next("connect 0")
	y.status("3 of 7, b: refused, again in 1.5s")
	if r := y.s.Result("e"); !r.Waits || r.Err == nil || r.Err.Error() != "b: refused" {
		t.Errorf("what was not tried: got %+v, want the reason of the others", r)
	}
	y.wait(1500 * time.Millisecond)
	y.next("connect 0", "create e on A", "create b on A", "create c on A") // those that have not failed come first
}

// A request that was not sent does not replace the reason of an earlier refusal.
func TestReasonOfARefusalIsKept(t *testing.T) {
	y := newStory(t, one)
	y.want("a", "b")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.created("a")
	y.next("connect 0", "create b on A")
	y.failed(Limited, "b")
	y.next("connect 0")
	y.wait(1500 * time.Millisecond)
	y.next("connect 0", "create b on A")
	y.s.Failed(y.open["b"], ErrSessionEnded, Deferred, y.now)
	y.next("connect 0")
	if got := y.s.Result("b").Err.Error(); got != "b: refused" {
		t.Errorf("reason: got %q, want the refusal", got)
	}
}

// The cost limit is spent in the order in which the subscriptions were wanted: one that
// was wanted later makes room for one that is refused.
func TestCostIsSpentInOrderOfImportance(t *testing.T) {
	y := newStory(t, one)
	y.want("a$", "b$", "c$", "d")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.failed(Temporary, "a")
	y.next("connect 0", "create b on A")
	y.cost("b", 1)
	y.next("connect 0", "create c on A", "create d on A")
	y.cost("c", 1)
	y.created("d")
	y.wait(750 * time.Millisecond)
	y.next("connect 0", "create a on A")
	y.failed(OverCost, "a")
	y.next("connect 0", "delete c")
	y.s.Deleted(y.ends["c"], nil, y.now)
	y.next("connect 0", "create a on A")
	y.cost("a", 1)
	y.next("connect 0")
	y.wait(1500 * time.Millisecond)
	y.next("connect 0", "create c on A")
	y.failed(OverCost, "c") // nothing less important has a cost
	y.next("connect 0")
	if r := y.s.Result("c"); !r.Waits || r.Err == nil {
		t.Errorf("got %+v, want a refusal", r)
	}
	y.status("3 of 4, c: refused, again in 2.5s")
}
