package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
)

func songs(b *bot.Bot) error {
	l := &lists{songs: map[string][]string{}}
	return errors.Join(
		bot.Group(b, "song", bot.Alias("sr"), bot.Cooldown(5, time.Minute, bot.PerChatter)),
		bot.Command(b, "song", l.show, bot.About("shows what is next")),
		bot.Command(b, "song add", l.add, bot.About("adds a song")),
		bot.Command(b, "song skip", l.skip, bot.About("removes the next song"), bot.ModsOnly),
	)
}

var errNoSongs = bot.Sorry("the list is empty")

// lists are the songs of each channel. Commands of different chatters run at the same time,
// so there is a lock.
type lists struct {
	mu    sync.Mutex
	songs map[string][]string // guarded by mu; at most 20 for each broadcaster id
}

func (l *lists) show(ctx context.Context, c *bot.Call, _ struct{}) error {
	l.mu.Lock()
	songs := l.songs[c.BroadcasterID]
	l.mu.Unlock()
	if len(songs) == 0 {
		return errNoSongs
	}
	return c.Reply(ctx, "next: %s", songs[0])
}

type addArgs struct {
	Title string `arg:"rest"`
}

func (l *lists) add(ctx context.Context, c *bot.Call, a addArgs) error {
	l.mu.Lock()
	n := len(l.songs[c.BroadcasterID]) + 1
	if n <= 20 {
		l.songs[c.BroadcasterID] = append(l.songs[c.BroadcasterID], a.Title)
	}
	l.mu.Unlock() // not held while the bot writes
	if n > 20 {
		return bot.Sorry("the list is full")
	}
	return c.Reply(ctx, "that is number %d", n)
}

func (l *lists) skip(ctx context.Context, c *bot.Call, _ struct{}) error {
	l.mu.Lock()
	songs := l.songs[c.BroadcasterID]
	if len(songs) > 0 {
		l.songs[c.BroadcasterID] = songs[1:]
	}
	l.mu.Unlock()
	if len(songs) == 0 {
		return errNoSongs
	}
	return c.Send(ctx, "skipped: %s", songs[0])
}
