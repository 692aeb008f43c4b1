package store_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/store"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// eventsJobVariable makes this test binary a program that accepts events until it is
// killed, and records what it does.
const eventsJobVariable = "LARKSPUR_TEST_EVENTS_JOB" // "database\nrecord\nrun\nlast"

const killLanes = 6

// A journal is a file of which everything written survives the process.
type journal struct{ *os.File }

func (j journal) note(format string, args ...any) {
	_, _ = j.WriteString(fmt.Sprintf(format, args...) + "\n") // one system call
}

// TestEventsJob runs the program that TestKilledProgramHandlesWhatItAccepted kills.
func TestEventsJob(t *testing.T) {
	p := strings.Split(os.Getenv(eventsJobVariable), "\n")
	if len(p) != 4 {
		t.Skip("for the processes of another test")
	}
	file, err := os.OpenFile(p[1], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	record, run := journal{file}, p[2]
	s, err := store.Open(t.Context(), p[0])
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	events, err := s.Events(t.Context(), store.EventOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := eventsub.NewMux(eventsub.MuxOptions{Inbox: events, LaneQueue: 4, Queue: 16})
	m.Use(eventsub.DedupStore(events, time.Hour))
	m.OnAny(func(_ context.Context, n eventsub.Notification) error {
		lane := n.Meta.Subscription.Condition["broadcaster_user_id"]
		record.note("begin %s %s %s %t", run, lane, n.Meta.MessageID, n.Meta.Redelivered)
		if rand.IntN(4) == 0 {
			time.Sleep(time.Millisecond)
		}
		record.note("end %s %s %s", run, lane, n.Meta.MessageID)
		return nil
	})
	if err := m.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p[3] == "true" {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if err := m.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		return
	}
	for lane := range killLanes {
		go func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%s-%d-%06d", run, lane, i)
				n := eventsub.Notification{Type: eventsub.Type{Name: "stream.online", Version: "1"}, Event: fmt.Appendf(nil, `{"id":%q}`, id)}
				n.Meta.MessageID = id
				n.Meta.Subscription.Condition = map[string]string{"broadcaster_user_id": strconv.Itoa(lane)}
				if err := m.Accept(t.Context(), n); err == nil {
					record.note("accepted %s", n.Meta.MessageID)
				}
			}
		}()
	}
	fmt.Println("ready")
	select {} // until killed
}

// A program under load is killed again and again. Whatever it had accepted is handled at
// last, in order, and only what was being handled is handled twice. LARKSPUR_KILLS=200
// makes it a long run.
func TestKilledProgramHandlesWhatItAccepted(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	kills := number(t, "LARKSPUR_KILLS", 5)
	dir := t.TempDir()
	database, record := filepath.Join(dir, "larkspur.db"), filepath.Join(dir, "journal")
	for run := range kills + 1 {
		cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestEventsJob$")
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s\n%s\n%03d\n%t", eventsJobVariable, database, record, run, run == kills))
		if run == kills {
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("the last run: %v\n%s", err, out)
			}
			break
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(out, make([]byte, len("ready"))); err != nil {
			t.Fatalf("run %d did not start: %v", run, err)
		}
		var wait sync.WaitGroup
		wait.Go(func() { _, _ = io.Copy(io.Discard, out) })
		time.Sleep(rand.N(200 * time.Millisecond)) // of load
		_ = cmd.Process.Kill()
		wait.Wait()
		_ = cmd.Wait()
	}
	data, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	checkJournal(t, data)
}

func checkJournal(t *testing.T, data []byte) {
	t.Helper()
	accepted, ended := map[string]bool{}, map[string]int{}
	begun := map[string][]string{} // by run and lane
	for line := range strings.Lines(string(bytes.TrimSpace(data))) {
		switch f := strings.Fields(line); f[0] {
		case "accepted":
			accepted[f[1]] = true
		case "begin":
			begun[f[1]+" "+f[2]] = append(begun[f[1]+" "+f[2]], f[3])
			if redelivered := !strings.HasPrefix(f[3], f[1]); strconv.FormatBool(redelivered) != f[4] {
				t.Errorf("%s in run %s: redelivered %s", f[3], f[1], f[4])
			}
		case "end":
			ended[f[3]]++
		}
	}
	interrupted := map[string]bool{} // the last of a run in its lane
	for where, ids := range begun {
		interrupted[ids[len(ids)-1]] = true
		for i := 1; i < len(ids); i++ {
			if ids[i] <= ids[i-1] {
				t.Errorf("run and lane %s: %s came after %s", where, ids[i], ids[i-1])
			}
		}
	}
	twice := 0
	for id, times := range ended {
		if times == 1 {
			continue
		}
		if twice++; !interrupted[id] {
			t.Errorf("%s was handled %d times, although it was not being handled when the program was killed", id, times)
		}
	}
	for id := range accepted {
		if ended[id] == 0 {
			t.Errorf("%s was accepted and never handled", id)
		}
	}
	if len(accepted) == 0 {
		t.Error("nothing was accepted")
	}
	t.Logf("accepted %d events, handled %d, %d of them twice", len(accepted), len(ended), twice)
}
