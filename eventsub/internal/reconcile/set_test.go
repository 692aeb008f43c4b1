package reconcile

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFirstSubscriptionOfASessionIsCreatedAlone(t *testing.T) {
	y := newStory(t, one)
	y.next()
	y.want("a", "b", "c", "d", "e")
	y.next("connect 0")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.next("connect 0")
	y.status("0 of 5, at work")
	y.created("a")
	y.next("connect 0", "create b on A", "create c on A", "create d on A") // three at the same time
	y.created("b")
	y.next("connect 0", "create e on A")
	y.created("c", "d", "e")
	y.next("connect 0")
	y.status("5 of 5")
}

func TestSlowFirstSubscriptionIsNotWaitedFor(t *testing.T) {
	y := newStory(t, one)
	y.want("a", "b", "c", "d")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.wait(firstAlone)
	y.next("connect 0", "create b on A", "create c on A")
}

func TestSlowSubscriptionIsTriedLastInTheNextSession(t *testing.T) {
	y := newStory(t, one)
	y.want("a", "b", "c")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.now = y.now.Add(slowAfter)
	y.lose(0, "A")
	y.next()
	y.status("0 of 3, " + ErrSessionEnded.Error() + ", again in 750ms")
	y.wait(750 * time.Millisecond)
	y.next("connect 0")
	y.now = y.now.Add(10 * time.Second)
	y.session(0, "B")
	y.next("connect 0", "create b on B")
	y.s.Created(y.open["a"], Subscription{ID: "late", Session: "A"}, y.now) // of the previous session
	y.failed(Temporary, "b")
	y.next("connect 0", "create c on B")
	y.created("c")
	y.next("connect 0", "create a on B")
}

func TestQuickEndOfASessionIsNotAFailureOfTheAttempt(t *testing.T) {
	y := newStory(t, one)
	y.want("a", "b")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.now = y.now.Add(time.Second)
	y.lose(0, "A")
	y.next()
	y.wait(750 * time.Millisecond)
	y.next("connect 0")
	y.session(0, "B")
	y.next("connect 0", "create a on B")
}

func TestRefusalsAreRememberedAcrossSessions(t *testing.T) {
	y := newStory(t, one)
	y.want("a", "b")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.failed(Final, "a")
	y.next("connect 0", "create b on A")
	y.created("b")
	y.now = y.now.Add(5 * time.Second)
	y.lose(0, "A")
	y.next("connect 0")
	y.session(0, "B")
	y.next("connect 0", "create b on B")
	y.created("b")
	y.next("connect 0")
	y.status("1 of 2, a: refused, again in 40s")
	y.wait(40 * time.Second)
	y.next("connect 0", "create a on B")
	y.failed(Final, "a")
	y.next("connect 0")
	y.wait(75 * time.Second) // longer each time
}

// Twitch responds with 400 both to a wrong condition and to a session that has just
// ended.
func TestInvalidIsTriedAgainInTheNextSession(t *testing.T) {
	y := newStory(t, one)
	y.want("a", "b")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.created("a")
	y.next("connect 0", "create b on A")
	y.failed(Invalid, "b")
	y.next("connect 0")
	y.status("1 of 2, b: refused, again in 45s")
	y.lose(0, "A")
	y.next("connect 0")
	y.session(0, "B")
	y.next("connect 0", "create a on B")
}

func TestUnusedConnectionIsClosed(t *testing.T) {
	y := newStory(t, one)
	y.want("a")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.failed(Final, "a")
	y.next()
	y.status("0 of 1, a: refused, again in 45s")
	y.wait(45 * time.Second)
	y.next("connect 0")
}

func TestConnectionIsKeptForAnEarlyRetry(t *testing.T) {
	y := newStory(t, one)
	y.want("a")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.failed(Temporary, "a")
	y.next("connect 0")
	y.wait(750 * time.Millisecond)
	y.next("connect 0", "create a on A")
}

func TestWantingAgainForgetsFailuresAndWaits(t *testing.T) {
	y := newStory(t, one)
	y.s.Want([]Want{{Key: "a"}})
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.failed(Final, "a")
	y.next()
	y.s.Want([]Want{{Key: "a", Asked: 1}})
	y.next("connect 0")

	y.s.Blocked(errRefused, y.now)
	y.next()
	y.status("0 of 1, refused, again in 3s")
	y.s.Want([]Want{{Key: "a", Asked: 2}})
	y.next("connect 0")
}

func TestImpossibleConditionNeedsNoConnection(t *testing.T) {
	y := newStory(t, one)
	y.s.Want([]Want{{Key: "a", Err: errRefused}})
	y.next()
	y.status("0 of 1, refused")
}

func TestTokenOfABlockedUserIsCheckedLessOften(t *testing.T) {
	y := newStory(t, one)
	y.want("a", "b")
	for _, pause := range []time.Duration{3 * time.Second, 5500 * time.Millisecond, 10500 * time.Millisecond, 20500 * time.Millisecond, 30500 * time.Millisecond, 30500 * time.Millisecond} {
		y.next("connect 0")
		y.s.Blocked(errRefused, y.now)
		y.next()
		y.wait(pause)
	}
	y.next("connect 0")
	y.s.Unblocked()
	y.session(0, "A")
	y.next("connect 0", "create a on A")
}

func TestUnwantedIsDeleted(t *testing.T) {
	y := newStory(t, one)
	y.want("a", "b")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.created("a")
	y.next("connect 0", "create b on A")
	y.want("a") // b is being made
	y.next("connect 0")
	y.created("b")
	y.next("connect 0", "delete b")
	y.s.Deleted(y.ends["b"], errors.New("500"), y.now)
	y.next("connect 0")
	y.wait(750 * time.Millisecond)
	y.next("connect 0", "delete b")
	y.want("a", "b") // too late to keep it
	y.next("connect 0")
	y.s.Deleted(y.ends["b"], nil, y.now)
	y.next("connect 0", "create b on A")
	y.created("b")
	y.want()
	y.next() // closing the connection deletes both
	y.status("0 of 0")
}

func TestDisappearedSubscriptionIsCreatedAgain(t *testing.T) {
	y := newStory(t, one)
	y.want("a", "b")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.created("a")
	y.next("connect 0", "create b on A")
	listed := y.now.Add(time.Second)
	y.now = y.now.Add(2 * time.Second)
	y.created("b") // after the list was made
	gone := y.s.Verify(map[string]bool{}, listed)
	if diff := cmp.Diff([]string{"a"}, gone); diff != "" {
		t.Errorf("gone (-want +got):\n%s", diff)
	}
	y.next("connect 0", "create a on A")
	y.s.Revoked("id-b")
	y.want("a")
	y.next("connect 0")
	y.created("a")
	y.next("connect 0")
	y.status("1 of 1")
}

func TestSessionThatMovesKeepsItsSubscriptions(t *testing.T) {
	y := newStory(t, one)
	y.want("a", "b", "c")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.created("a")
	y.next("connect 0", "create b on A", "create c on A")
	y.s.Session(0, []string{"A", "B"}, false)
	y.failed(Invalid, "b")                                                           // session A has ended at Twitch
	y.s.Created(y.open["c"], Subscription{ID: "id-c", Session: "A"}, y.now)          // just before
	y.next("connect 0", "create b on B")                                             // at once
	y.s.Created(y.open["b"], Subscription{ID: "id-b", Session: "B"}, y.now)          //
	y.next("connect 0")                                                              //
	y.status("3 of 3")                                                               //
	if !y.s.Live("A") || !y.s.Live("B") || y.s.Live("C") || y.s.SessionID() != "B" { //
		t.Error("sessions: got others than A and B, B the newest")
	}
}
