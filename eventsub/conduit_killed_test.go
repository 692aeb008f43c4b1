package eventsub_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// Environment variables of the processes that TestKilledProcessIsReplaced starts.
const (
	childDir       = "LARKSPUR_TEST_SHARDS_DIR"
	childHelix     = "LARKSPUR_TEST_HELIX"
	childWebSocket = "LARKSPUR_TEST_WEBSOCKET"
	childToken     = "LARKSPUR_TEST_TOKEN"
	childClient    = "LARKSPUR_TEST_CLIENT"
	childUser      = "LARKSPUR_TEST_USER"
)

// TestShardProcess is not a test: it is the program of the processes.
func TestShardProcess(t *testing.T) {
	if os.Getenv(childDir) == "" {
		t.Skip("run by TestKilledProcessIsReplaced")
	}
	client := helix.New(os.Getenv(childClient), helix.StaticToken("", os.Getenv(childToken)), helix.Options{BaseURL: os.Getenv(childHelix)})
	mux := eventsub.NewMux()
	eventsub.On(mux, func(_ context.Context, e *eventsub.Gap) error {
		fmt.Println("gap of", e.To.Sub(e.From))
		return nil
	})
	eventsub.On(mux, func(context.Context, *eventsub.StreamOnline) error {
		fmt.Println("online")
		return nil
	})
	conduit := eventsub.NewConduit(client, mux, eventsub.ConduitOptions{
		Name: "bot", Shards: 6, Owner: eventsub.NewFileShards(os.Getenv(childDir)), URL: os.Getenv(childWebSocket),
		OnState: func(s eventsub.ConduitState) { fmt.Println("serves", s.Up) },
	})
	conduit.Want(eventsub.StreamOnlineCondition{BroadcasterUserID: os.Getenv(childUser)})
	if err := conduit.Run(t.Context()); err != nil {
		t.Error(err)
	}
}

// A process that is killed loses its shards to the others within 15 seconds, and they
// report the time in between.
func TestKilledProcessIsReplaced(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	tw := emulator.Start(t, emulator.Channel("ada"))
	client := helix.New(tw.ClientID(), helix.StaticToken("", tw.AppToken()), helix.Options{BaseURL: tw.HelixURL()})
	dir := t.TempDir()
	var gaps, online atomic.Int32
	var serves [3]atomic.Value
	start := func(number int) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestShardProcess$", "-test.v")
		cmd.Env = append(os.Environ(), childDir+"="+dir, childHelix+"="+tw.HelixURL(), childWebSocket+"="+tw.EventSubURL(),
			childToken+"="+tw.AppToken(), childClient+"="+tw.ClientID(), childUser+"="+tw.UserID("ada"))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		read := make(chan bool)
		go func() {
			defer close(read)
			for lines := bufio.NewScanner(out); lines.Scan(); {
				switch line := lines.Text(); {
				case strings.HasPrefix(line, "gap"):
					gaps.Add(1)
				case strings.HasPrefix(line, "serves"):
					serves[number].Store(line)
				case line == "online":
					online.Add(1)
				case strings.Contains(line, "FAIL"):
					t.Error(line)
				}
			}
		}()
		t.Cleanup(func() {
			_ = cmd.Process.Kill()
			<-read
			_ = cmd.Wait()
		})
		return cmd
	}
	processes := []*exec.Cmd{start(0), start(1), start(2)}

	// served returns the sessions that serve the six shards, or nil if not all are served.
	served := func() map[string]bool {
		conduits, err := client.Conduits.Get(t.Context())
		if err != nil || len(conduits) != 1 {
			return nil
		}
		sessions := map[string]bool{}
		for sh, err := range client.Conduits.AllShards(t.Context(), helix.GetConduitShardsParams{ConduitID: conduits[0].ID}) {
			if err != nil {
				t.Fatal(err)
			}
			if sh.Status == helix.ShardStatusEnabled {
				sessions[sh.Transport.SessionID] = true
			}
		}
		if len(sessions) != 6 {
			return nil
		}
		return sessions
	}
	await := func(what string, limit time.Duration, done func() bool) time.Duration {
		t.Helper()
		began := time.Now()
		for !done() {
			if time.Since(began) > limit {
				t.Fatalf("%s: not within %s", what, limit)
			}
			time.Sleep(50 * time.Millisecond)
		}
		return time.Since(began)
	}
	await("start", 30*time.Second, func() bool {
		return serves[0].Load() == "serves 2" && serves[1].Load() == "serves 2" && serves[2].Load() == "serves 2" && served() != nil
	})

	before := gaps.Load()
	if err := processes[1].Process.Kill(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	took := await("takeover", 15*time.Second, func() bool { return served() != nil })
	t.Logf("all shards served %s after the end of a process", took)
	await("gap", 5*time.Second, func() bool { return gaps.Load() > before })
	for range 12 {
		tw.GoLive("ada")
		tw.GoOffline("ada")
	}
	await("events", 5*time.Second, func() bool { return online.Load() >= 12 })
}
