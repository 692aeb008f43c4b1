package bench_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

const calls = 512 // of one round; fewer than may wait in the pool

// BenchmarkBot measures the time from a chat message to the call of the handler, for a
// command of a group with two checks, a cooldown and three arguments. Each message is of
// another chatter. In one way the caller runs the command; in the other it goes through
// the pool, as the messages of a mux do, and the time is that of the whole round.
func BenchmarkBot(b *testing.B) {
	var called atomic.Int64
	robot := songBot(b, &called)
	messages := make([]*chat.Message, calls)
	for i := range messages {
		messages[i] = &chat.Message{
			Broadcaster: chat.User{ID: "2", Login: "ada"}, Text: "!song add Hello 5 10s",
			Chatter: chat.Chatter{User: chat.User{ID: fmt.Sprint(1000 + i), Login: "eve"}, Roles: chat.Subscriber},
		}
	}
	ctx := b.Context()
	ways := []struct {
		name  string
		round func()
	}{
		{"bot", func() {
			for _, m := range messages {
				_ = robot.Invoke(ctx, m)
			}
		}},
		{"bot-pool", func() {
			for _, m := range messages {
				robot.Handle(ctx, m)
			}
			_ = robot.Drain(ctx)
		}},
	}
	times := make([][]time.Duration, len(ways))
	for b.Loop() {
		for i, way := range ways {
			runtime.GC()
			before := called.Load()
			start := time.Now()
			way.round()
			times[i] = append(times[i], time.Since(start))
			if got := called.Load() - before; got != calls {
				b.Fatalf("%s: %d calls of %d", way.name, got, calls)
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	for i, way := range ways {
		allocs := testing.AllocsPerRun(5, way.round) / calls
		b.ReportMetric(best(times[i])*1e9/calls, way.name+"-ns/call")
		b.ReportMetric(allocs, way.name+"-allocs/call")
		record(b, way.name, best(times[i])*1e6/calls)
		record(b, way.name+"-allocs", allocs)
	}
}

// songBot returns a bot that counts its calls.
func songBot(b *testing.B, called *atomic.Int64) *bot.Bot {
	b.Helper()
	robot := bot.New(helix.New("id", helix.StaticToken("1", "t"), helix.Options{}), eventsub.NewMux(), bot.Options{UserID: "1"})
	type args struct {
		Title string
		N     int
		Wait  time.Duration
	}
	if err := errors.Join(
		bot.Group(robot, "song", bot.Only(chat.Subscriber)),
		bot.Command(robot, "song add", func(_ context.Context, _ *bot.Call, a args) error {
			if a.N == 5 && a.Wait == 10*time.Second {
				called.Add(1)
			}
			return nil
		}, bot.Require(bot.Channels("2")), bot.Cooldown(1_000_000_000, time.Second, bot.PerChatter, bot.Smoothly)),
	); err != nil {
		b.Fatal(err)
	}
	return robot
}
