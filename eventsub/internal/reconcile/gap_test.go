package reconcile

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// gaps compares the gaps that have ended, one per line.
func (y *story) gaps(want ...string) {
	y.t.Helper()
	var got []string
	for _, g := range y.s.Gaps() {
		got = append(got, fmt.Sprintf("%s since %s: %v", g.Session, g.From.Sub(time.Unix(1_800_000_000, 0)), g.Keys))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		y.t.Errorf("gaps (-want +got):\n%s", diff)
	}
}

// subscribed returns a story with a and b subscribed on a connection.
func subscribed(t *testing.T) *story {
	t.Helper()
	y := newStory(t, one)
	y.want("a", "b")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.created("a")
	y.next("connect 0", "create b on A")
	y.created("b")
	y.next("connect 0")
	y.now = y.now.Add(time.Minute)
	return y
}

func TestGapEndsWhenAllSubscriptionsExistAgain(t *testing.T) {
	y := subscribed(t)
	y.lose(0, "A")
	y.next("connect 0")
	y.gaps()
	y.session(0, "B")
	y.next("connect 0", "create a on B")
	y.created("a")
	y.next("connect 0", "create b on B")
	y.gaps()
	y.created("b")
	y.next("connect 0")
	y.gaps("A since 59s: [a b]")
	y.gaps()
}

func TestSecondLossWidensTheGap(t *testing.T) {
	y := subscribed(t)
	y.lose(0, "A")
	y.next("connect 0")
	y.session(0, "B")
	y.next("connect 0", "create a on B")
	y.created("a")
	y.next("connect 0", "create b on B")
	y.now = y.now.Add(time.Minute)
	y.lose(0, "B")
	y.next("connect 0")
	y.gaps()
	y.session(0, "C")
	y.next("connect 0", "create a on C")
	y.now = y.now.Add(time.Second)
	y.created("a")
	y.next("connect 0", "create b on C")
	y.created("b")
	y.next("connect 0")
	y.gaps("A since 59s: [a b]")
}

// A subscription that is refused does not delay the gap of the others. It gets a gap of
// its own when it exists again.
func TestGapOfARefusedSubscriptionEndsLater(t *testing.T) {
	y := subscribed(t)
	y.lose(0, "A")
	y.next("connect 0")
	y.session(0, "B")
	y.next("connect 0", "create a on B")
	y.failed(Temporary, "a")
	y.next("connect 0", "create b on B")
	y.created("b")
	y.next("connect 0")
	y.gaps("A since 59s: [b]")
	y.wait(750 * time.Millisecond)
	y.next("connect 0", "create a on B")
	y.now = y.now.Add(time.Minute)
	y.lose(0, "B") // before a exists again: a's gap stays open, and one of b begins
	y.next("connect 0")
	y.session(0, "C")
	y.next("connect 0", "create b on C")
	y.created("b")
	y.next("connect 0")
	y.gaps("B since 1m59.75s: [b]")
	y.wait(750 * time.Millisecond)
	y.next("connect 0", "create a on C")
	y.created("a")
	y.next("connect 0")
	y.gaps("A since 59s: [a]")
}

func TestDisappearedSubscriptionIsAGap(t *testing.T) {
	y := subscribed(t)
	y.s.Verify(map[string]bool{"id-a": true, "id-b": true}, y.now)
	y.now = y.now.Add(time.Minute)
	y.s.Verify(map[string]bool{"id-a": true}, y.now)
	y.next("connect 0", "create b on A")
	y.gaps()
	y.created("b")
	y.next("connect 0")
	y.gaps("A since 1m0s: [b]")
}

// While no subscription exists again, the gap stays open.
func TestGapLastsWhileNothingCanBeSubscribed(t *testing.T) {
	y := subscribed(t)
	y.lose(0, "A")
	y.next("connect 0")
	y.s.Blocked(errRefused, y.now)
	y.next()
	y.gaps()
	y.wait(3 * time.Second)
	y.next("connect 0")
	y.session(0, "B")
	y.next("connect 0", "create a on B")
	y.created("a")
	y.next("connect 0", "create b on B")
	y.created("b")
	y.next("connect 0")
	y.gaps("A since 59s: [a b]")
}

func TestNoGapIfNothingWasSubscribed(t *testing.T) {
	y := newStory(t, one)
	y.want("a")
	y.session(0, "A")
	y.next("connect 0", "create a on A")
	y.lose(0, "A")
	y.now = y.now.Add(time.Minute)
	y.next("connect 0")
	y.session(0, "B")
	y.next("connect 0", "create a on B")
	y.created("a")
	y.next("connect 0")
	y.gaps()
}

func TestUnwantedSubscriptionIsNotPartOfAGap(t *testing.T) {
	y := subscribed(t)
	y.lose(0, "A")
	y.want("b")
	y.next("connect 0")
	y.session(0, "B")
	y.next("connect 0", "create b on B")
	y.created("b")
	y.next("connect 0")
	y.gaps("A since 59s: [b]")

	y = subscribed(t)
	y.lose(0, "A")
	y.want()
	y.next()
	y.gaps()
}
