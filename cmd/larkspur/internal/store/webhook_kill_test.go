package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/store"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// hookVariable makes this test binary the process that receives webhooks.
const hookVariable = "LARKSPUR_TEST_WEBHOOK" // the folder of its files

// The files of the process: its database, and a line for each begin and end of a handler.
const (
	hookStore = "larkspur.db"
	hookLog   = "handled.txt"
)

// TestWebhookProcess is a program that receives webhooks, stores events in its inbox and
// handles them, until it is killed or its input ends.
func TestWebhookProcess(t *testing.T) {
	dir := os.Getenv(hookVariable)
	if dir == "" {
		t.Skip("for the processes of other tests")
	}
	s, err := store.Open(t.Context(), filepath.Join(dir, hookStore))
	if err != nil {
		t.Fatal(err)
	}
	events, err := s.Events(t.Context(), store.EventOptions{})
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.OpenFile(filepath.Join(dir, hookLog), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	note := func(what string, n eventsub.Meta) { // one write: a kill leaves whole lines
		_, _ = fmt.Fprintf(log, "%s %s %t\n", what, n.MessageID, n.Redelivered)
	}
	note("run", eventsub.Meta{MessageID: "-"})
	mux := eventsub.NewMux(eventsub.MuxOptions{Inbox: events})
	eventsub.On(mux, func(_ context.Context, e *eventsub.ChannelFollow) error {
		note("begin", e.Meta)
		time.Sleep(time.Duration(rand.IntN(int(time.Millisecond)))) // the work of a handler
		note("end", e.Meta)
		return nil
	})
	secrets := func(context.Context, string) ([]eventsub.Secret, error) { return []eventsub.Secret{benchSecret}, nil }
	if err := mux.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: eventsub.NewReceiver(secrets, mux.Accept, eventsub.ReceiverOptions{}), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(l) }()
	fmt.Println("listening", l.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := errors.Join(server.Shutdown(t.Context()), mux.Drain(t.Context()), s.Close()); err != nil {
		t.Fatal(err)
	}
	fmt.Println("done")
}

// A hookProcess is a running TestWebhookProcess.
type hookProcess struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	address string
}

func startHook(t *testing.T, dir string) *hookProcess {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	p := &hookProcess{cmd: exec.CommandContext(t.Context(), exe, "-test.run=^TestWebhookProcess$")}
	p.cmd.Env = append(os.Environ(), hookVariable+"="+dir)
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	pipe, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewReader(pipe)
	p.address = strings.TrimPrefix(p.line(t, "listening "), "listening ")
	return p
}

// line returns the next line that has a prefix.
func (p *hookProcess) line(t *testing.T, prefix string) string {
	t.Helper()
	for {
		line, err := p.out.ReadString('\n')
		if strings.HasPrefix(line, prefix) {
			return strings.TrimSpace(line)
		}
		if err != nil {
			t.Fatalf("the process ended before %q: %s %v", prefix, line, err)
		}
	}
}

// kill ends the process with SIGKILL.
func (p *hookProcess) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// finish lets the process handle all it has, and waits for its end.
func (p *hookProcess) finish(t *testing.T) {
	t.Helper()
	_ = p.in.Close()
	p.line(t, "done")
	if err := p.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

// A sender posts notifications, each until it is acknowledged, as Twitch does.
type sender struct {
	address atomic.Pointer[string]
	next    atomic.Int64
	acked   atomic.Int64
	retried atomic.Int64
}

// run posts until ctx ends and then finishes what it has begun.
func (s *sender) run(ctx context.Context, t *testing.T, requests [][]byte) {
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for ctx.Err() == nil {
		i := s.next.Add(1) - 1
		if i >= int64(len(requests)) {
			return
		}
		for try := 0; ; try++ {
			q, err := http.ReadRequest(bufio.NewReader(strings.NewReader(string(requests[i]))))
			if err != nil {
				t.Error(err)
				return
			}
			q.RequestURI, q.URL.Scheme, q.URL.Host = "", "http", *s.address.Load()
			answer, err := client.Do(q)
			if err == nil {
				_ = answer.Body.Close()
				if answer.StatusCode == http.StatusNoContent {
					break
				}
			}
			s.retried.Add(1)
			if t.Context().Err() != nil {
				return
			}
			time.Sleep(time.Duration(1+min(try, 20)) * time.Millisecond) // the process is being started again
		}
		s.acked.Add(1)
	}
}

// A process that is killed at random moments under load handles each acknowledged event
// once: a second time only if it was killed while the handler ran, or before the inbox
// knew of its end.
func TestWebhookSurvivesKills(t *testing.T) {
	kills := 5
	if os.Getenv("LARKSPUR_LONG") != "" {
		kills = 200
	}
	dir := t.TempDir()
	const senders = 16
	requests := webhookRequests(0, kills*2000)
	var s sender
	p := startHook(t, dir)
	s.address.Store(&p.address)
	ctx, stop := context.WithCancel(t.Context())
	var sending sync.WaitGroup
	for range senders {
		sending.Go(func() { s.run(ctx, t, requests) })
	}
	for range kills {
		until := s.acked.Load() + 1 + rand.Int64N(200)
		for s.acked.Load() < until && s.next.Load() < int64(len(requests)) { // under load, at a random moment
			time.Sleep(time.Millisecond)
		}
		p.kill()
		p = startHook(t, dir)
		s.address.Store(&p.address)
	}
	stop()
	sending.Wait()
	p.finish(t)

	h := readHandled(t, filepath.Join(dir, hookLog))
	sent := int(min(s.next.Load(), int64(len(requests))))
	for i := range sent {
		if h.ends[idOf(requests[i])] == 0 {
			t.Errorf("event %d was acknowledged and not handled", i)
		}
	}
	t.Logf("%d kills, %d events acknowledged, %d posts repeated; handled again: %d that were interrupted, %d whose end was being stored, at most %d events before the kill",
		kills, s.acked.Load(), s.retried.Load(), h.interrupted, h.repeated, h.furthest)
	for _, problem := range h.problems {
		t.Error(problem)
	}
	if h.runs != kills+1 {
		t.Errorf("got %d runs, want %d", h.runs, kills+1)
	}
}

func idOf(request []byte) string {
	_, rest, _ := strings.Cut(string(request), "Message-Id: ")
	id, _, _ := strings.Cut(rest, "\r\n")
	return id
}

// handled is what the log of the handlers says.
type handled struct {
	runs        int
	ends        map[string]int
	interrupted int // handled again because of a kill during the handler
	repeated    int // handled again after the handler had ended
	furthest    int // the most ends between such an end and the kill
	problems    []string
}

// mostUnstored is the number of ends that the inbox may not know yet at a kill.
const mostUnstored = 2000

func readHandled(t *testing.T, name string) handled {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	h := handled{ends: map[string]int{}}
	run := map[string]int{} // of the last begin of an event
	endAt := map[string]int{}
	endsOfRun := []int{0}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var what, id string
		var redelivered bool
		if _, err := fmt.Sscan(lines.Text(), &what, &id, &redelivered); err != nil {
			t.Fatalf("line %q: %v", lines.Text(), err)
		}
		switch what {
		case "run":
			h.runs++
			endsOfRun = append(endsOfRun, 0)
		case "begin":
			before := run[id]
			switch {
			case before == 0:
			case before == h.runs:
				h.problems = append(h.problems, id+" was handled twice in one run")
			case !redelivered:
				h.problems = append(h.problems, id+" was handled again without the mark")
			case h.ends[id] == 0 || endAt[id] == 0:
				h.interrupted++
			default:
				h.repeated++
				distance := endsOfRun[before] - endAt[id]
				h.furthest = max(h.furthest, distance)
				if distance > mostUnstored {
					h.problems = append(h.problems, fmt.Sprintf("%s was handled again although %d others ended after it", id, distance))
				}
			}
			run[id], endAt[id] = h.runs, 0
		case "end":
			h.ends[id]++
			endsOfRun[h.runs]++
			endAt[id] = endsOfRun[h.runs]
		}
	}
	return h
}
