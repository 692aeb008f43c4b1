package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
)

func songs(b *bot.Bot) error {
	q := &queue{}
	return errors.Join(
		bot.Group(b, "song", bot.Alias("sr"), bot.Cooldown(5, time.Minute, bot.PerChatter)),
		bot.Command(b, "song", q.show, bot.About("shows what is next")),
		bot.Command(b, "song add", q.add, bot.About("adds a song")),
		bot.Command(b, "song skip", q.skip, bot.About("removes the next song"), bot.ModsOnly),
	)
}

// A queue is the list of songs. Commands of different chatters run at the same time, so it
// has a lock.
type queue struct {
	mu    sync.Mutex
	songs []string // guarded by mu; at most 20
}

func (q *queue) next() (string, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.songs) == 0 {
		return "", bot.Sorry("the list is empty")
	}
	return q.songs[0], nil
}

func (q *queue) show(ctx context.Context, c *bot.Call, _ struct{}) error {
	song, err := q.next()
	if err != nil {
		return err
	}
	return c.Reply(ctx, "next: %s", song)
}

type addArgs struct {
	Title string `arg:"rest"`
}

func (q *queue) add(ctx context.Context, c *bot.Call, a addArgs) error {
	q.mu.Lock()
	if len(q.songs) == 20 {
		q.mu.Unlock()
		return bot.Sorry("the list is full")
	}
	q.songs = append(q.songs, a.Title)
	n := len(q.songs)
	q.mu.Unlock()
	return c.Reply(ctx, "that is number %d", n)
}

func (q *queue) skip(ctx context.Context, c *bot.Call, _ struct{}) error {
	song, err := q.next()
	if err != nil {
		return err
	}
	q.mu.Lock()
	if i := slices.Index(q.songs, song); i >= 0 {
		q.songs = slices.Delete(q.songs, i, i+1)
	}
	q.mu.Unlock()
	return c.Send(ctx, "skipped: %s", song)
}
