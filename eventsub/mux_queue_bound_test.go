package eventsub

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A queueModel drives a queue as the workers of a mux do, one step at a time, and counts
// what becomes of the offered jobs.
type queueModel struct {
	*queue

	t                         *rapid.T
	working                   []*modelWorker
	begun                     int // workers that have called next
	offered, handled, dropped int
	told                      int // sum of Gap.Dropped
	last                      map[string]int
}

type modelWorker struct {
	lane     *lane
	job      job
	replaced bool
}

func newQueueModel(t *rapid.T, l limits) *queueModel {
	return &queueModel{queue: &queue{limits: l, work: func() {}}, t: t, last: map[string]int{}}
}

func (m *queueModel) offerTo(lane string, size int) {
	m.offered++
	n := aNote(strconv.Itoa(m.offered), lane, "")
	_, dropped, _ := m.offer(job{n: n, lane: lane, size: size, counted: true})
	m.dropped += len(dropped)
}

// take lets a worker take its next job.
func (m *queueModel) take(held *lane) {
	l, j, ok := m.next(held)
	if !ok {
		m.begun--
		return
	}
	m.working = append(m.working, &modelWorker{lane: l, job: *j})
	if j.n.Type != GapType {
		id, _ := strconv.Atoi(j.n.Meta.MessageID)
		if id <= m.last[j.lane] {
			m.t.Fatalf("lane %q: %d came after %d", j.lane, id, m.last[j.lane])
		}
		m.last[j.lane] = id
	}
}

// start starts a worker if the queue has asked for one.
func (m *queueModel) start() {
	if m.begun < m.workers {
		m.begun++
		m.take(nil)
	}
}

// finish ends the job of a worker.
func (m *queueModel) finish(i int) {
	w := m.working[i]
	m.working = append(m.working[:i], m.working[i+1:]...)
	if w.job.n.Type == GapType {
		var gap Gap
		if err := json.Unmarshal(w.job.n.Event, &gap); err != nil {
			m.t.Fatal(err)
		}
		m.told += gap.Dropped
	} else {
		m.handled++
	}
	m.free(w.job)
	if w.replaced {
		m.stuck--
	}
	m.take(w.lane)
}

// replace treats the handler of a worker as stuck.
func (m *queueModel) replace(i int) {
	if w := m.working[i]; !w.replaced {
		w.replaced = true
		if m.stuck++; len(m.ready) > 0 {
			m.hire()
		}
	}
}

func (m *queueModel) check() {
	held, size := 0, 0
	count := func(j job) {
		if j.n.Type != GapType {
			held++
			size += j.size
		}
	}
	for _, l := range m.lanes {
		if len(l.work) > m.limits.lane {
			m.t.Fatalf("lane %q holds %d jobs", l.key, len(l.work))
		}
		for _, j := range l.work {
			if j.n.Type == GapType {
				m.t.Fatalf("lane %q: a Gap waits as a job", l.key)
			}
			count(*j)
		}
	}
	for _, w := range m.working {
		count(w.job)
	}
	owed, due := 0, 0
	for _, o := range m.lost {
		owed += o.count
		if o.due {
			due++
		}
	}
	for _, w := range m.working {
		var gap Gap
		if w.job.n.Type == GapType && json.Unmarshal(w.job.n.Event, &gap) == nil {
			owed += gap.Dropped
		}
	}
	switch {
	case held > m.limits.total || size > m.limits.bytes:
		m.t.Fatalf("holds %d jobs of %d bytes, the limits are %d and %d", held, size, m.limits.total, m.limits.bytes)
	case held != m.count || size != m.size:
		m.t.Fatalf("holds %d jobs of %d bytes, but counts %d of %d", held, size, m.count, m.size)
	case m.handled+m.dropped+held != m.offered:
		m.t.Fatalf("handled %d + dropped %d + held %d, offered %d", m.handled, m.dropped, held, m.offered)
	case m.told+owed != m.dropped:
		m.t.Fatalf("Gaps told of %d and will tell of %d, dropped %d", m.told, owed, m.dropped)
	case due != m.due:
		m.t.Fatalf("%d Gaps are due, but %d are counted", due, m.due)
	case len(m.lost) > m.limits.lost+1:
		m.t.Fatalf("%d lanes have an overflow", len(m.lost))
	}
}

// The queue once held 69,360 jobs where 2,000 were allowed, and its Gaps reported 1,621 of
// 130,640 dropped events.
func TestQueueNeverExceedsItsBoundAndGapsReportAllDrops(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newQueueModel(t, limits{
			workers: rapid.IntRange(1, 3).Draw(t, "workers"), lane: rapid.IntRange(1, 6).Draw(t, "lane"),
			total: rapid.IntRange(1, 12).Draw(t, "total"), bytes: 100,
			newest: rapid.Bool().Draw(t, "newest"), lost: rapid.IntRange(1, 4).Draw(t, "lost"),
		})
		lanes := rapid.IntRange(0, 9)
		offer := func(t *rapid.T) {
			lane := ""
			if i := lanes.Draw(t, "lane"); i > 0 {
				lane = fmt.Sprint("b", i)
			}
			m.offerTo(lane, rapid.IntRange(1, 30).Draw(t, "size"))
		}
		worker := func(t *rapid.T) int {
			if len(m.working) == 0 {
				t.Skip("no worker has a job")
			}
			return rapid.IntRange(0, len(m.working)-1).Draw(t, "worker")
		}
		t.Repeat(map[string]func(*rapid.T){
			"":        func(*rapid.T) { m.check() },
			"offer":   offer,
			"again":   offer,
			"start":   func(*rapid.T) { m.start() },
			"finish":  func(t *rapid.T) { m.finish(worker(t)) },
			"replace": func(t *rapid.T) { m.replace(worker(t)) },
			"tell":    func(*rapid.T) { m.tellOverflows(time.Now().Add(time.Hour)) },
		})
		for m.wait() != nil { // as Drain does
			m.start()
			for len(m.working) > 0 {
				m.finish(0)
				m.check()
			}
		}
		if m.handled+m.dropped != m.offered || m.told != m.dropped || len(m.lanes) != 0 {
			t.Fatalf("after draining: offered %d, handled %d, dropped %d, told %d, %d lanes",
				m.offered, m.handled, m.dropped, m.told, len(m.lanes))
		}
	})
}
