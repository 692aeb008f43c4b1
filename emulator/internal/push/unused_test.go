package push_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/push"
)

func TestConduitThatNobodyListensToIsDeletedAfterThreeDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		want := func(n int) {
			t.Helper()
			synctest.Wait()
			if got := len(s.server.Conduits(app)); got != n {
				t.Errorf("got %d conduits, want %d", got, n)
			}
		}
		c, err := s.server.CreateConduit(app, 2)
		must(t, err)
		sub := s.overConduit(c.ID, "stream.online", "1", "broadcaster_user_id", "1")
		time.Sleep(71 * time.Hour)
		want(1)

		p := s.connect("")
		s.seat(c.ID, "0", p) // an enabled shard keeps it
		time.Sleep(80 * time.Hour)
		want(1)

		_ = p.conn.CloseNow()
		time.Sleep(71 * time.Hour)
		want(1)
		other := s.connect("")
		s.seat(c.ID, "1", other) // the time begins anew
		_ = other.conn.CloseNow()
		time.Sleep(72*time.Hour - time.Second)
		want(1)
		time.Sleep(2 * time.Second)
		want(0)
		for _, one := range s.server.List(app, push.Filter{}).Subscriptions {
			if one.ID == sub.ID && one.Status == push.Enabled {
				t.Errorf("got %+v, want its subscription gone with it", one)
			}
		}

		// One that was deleted by hand is not deleted again.
		c, err = s.server.CreateConduit(app, 1)
		must(t, err)
		must(t, s.server.DeleteConduit(app, c.ID))
		time.Sleep(80 * time.Hour)
		want(0)
	})
}

func TestConduitThatShrinksToItsDisabledShardsIsDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		c, err := s.server.CreateConduit(app, 2)
		must(t, err)
		s.seat(c.ID, "1", s.connect(""))
		_, err = s.server.ResizeConduit(app, c.ID, 1)
		must(t, err)
		time.Sleep(73 * time.Hour)
		if got := s.server.Conduits(app); len(got) != 0 {
			t.Errorf("got %v, want none", got)
		}
	})
}
