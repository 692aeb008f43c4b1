package emulator

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// ReplayOptions say how [Server.Replay] plays lines. The zero value plays each
// channel's lines in the channel of that name, as fast as clients take them.
type ReplayOptions struct {
	// Channel is the login of the channel in which all lines are played,
	// whatever channel they name: in the line, the channel and the room-id tag
	// are replaced. "" leaves lines as they are.
	Channel string
	// Speed is how fast time passes between lines that have tmi-sent-ts: 1 is
	// as it was, 10 is ten times as fast. 0 does not wait.
	Speed float64
	// SkipConnection leaves out lines that are about the connection and not
	// about a channel: PING, RECONNECT, CAP, numerics …
	SkipConnection bool
}

// ReplayStats count the lines that were played.
type ReplayStats struct {
	Lines    int            // played
	Skipped  int            // left out by SkipConnection
	Commands map[string]int // lines played, by command
}

// maxLine is longer than any line of Twitch: tags have up to 8191 bytes.
const maxLine = 1 << 16

// Replay reads raw lines of IRC as Twitch sent them and sends each to every
// IRC connection that is in the channel. Lines that name no channel go to the
// channel of the line before. The lines change nothing in the world: they
// cannot be deleted as messages, and a ban in them bans no user.
//
// Clients that read slowly slow the replay down; no line is dropped. Replay
// returns at the end of r, with the first error, or when ctx ends.
func (s *Server) Replay(ctx context.Context, r io.Reader, o ReplayOptions) (ReplayStats, error) {
	stats := ReplayStats{Commands: map[string]int{}}
	var target, targetID string
	if o.Channel != "" {
		b, err := s.person(o.Channel)
		if err != nil {
			return stats, fmt.Errorf("emulator: replay: %w", err)
		}
		target, targetID = b.Login, b.ID
	}
	pace := pacer{speed: o.Speed}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, maxLine), maxLine)
	for lines.Scan() {
		if err := ctx.Err(); err != nil {
			return stats, err
		}
		line := parseRaw(strings.TrimRight(lines.Text(), "\r\n"))
		if line.command == "" {
			continue
		}
		if o.SkipConnection && line.channel == "" {
			stats.Skipped++
			continue
		}
		if err := pace.wait(ctx, line); err != nil {
			return stats, err
		}
		switch {
		case o.Channel != "":
			line.text = line.in(target, targetID)
		case line.channel != "" || targetID == "":
			b, err := s.person(orElse(line.channel, "replay"))
			if err != nil {
				return stats, fmt.Errorf("emulator: replay: %w", err)
			}
			targetID = b.ID
		}
		if err := s.world.Replay(targetID, line.text); err != nil {
			return stats, fmt.Errorf("emulator: replay: %w", err)
		}
		stats.Lines++
		stats.Commands[line.command]++
	}
	if err := lines.Err(); err != nil {
		return stats, fmt.Errorf("emulator: replay: %w", err)
	}
	return stats, nil
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// rawLine is as much of a line as a replay must know.
type rawLine struct {
	text    string
	tags    string // without @
	rest    string // after the tags
	command string
	channel string // without #, "" if none is named
}

func parseRaw(text string) rawLine {
	l := rawLine{text: text, rest: text}
	if strings.HasPrefix(l.rest, "@") {
		l.tags, l.rest, _ = strings.Cut(l.rest[1:], " ")
	}
	words := strings.Fields(l.rest)
	if len(words) > 0 && strings.HasPrefix(words[0], ":") {
		words = words[1:]
	}
	if len(words) == 0 {
		return l
	}
	l.command = words[0]
	for _, w := range words[1:] {
		if strings.HasPrefix(w, ":") {
			break
		}
		if strings.HasPrefix(w, "#") {
			l.channel = w[1:]
			break
		}
	}
	return l
}

// in returns the line as it is in another channel.
func (l rawLine) in(login, id string) string {
	if l.channel == "" {
		return l.text
	}
	rest := strings.Replace(l.rest, "#"+l.channel, "#"+login, 1)
	if l.tags == "" {
		return rest
	}
	tags := strings.Split(l.tags, ";")
	for i, tag := range tags {
		if value, ok := strings.CutPrefix(tag, "room-id="); ok && value != "" {
			tags[i] = "room-id=" + id
		}
	}
	return "@" + strings.Join(tags, ";") + " " + rest
}

// pacer waits between lines as long as lay between them.
type pacer struct {
	speed float64
	last  int64 // ms
}

func (p *pacer) wait(ctx context.Context, l rawLine) error {
	if p.speed <= 0 {
		return nil
	}
	for tag := range strings.SplitSeq(l.tags, ";") {
		value, ok := strings.CutPrefix(tag, "tmi-sent-ts=")
		if !ok {
			continue
		}
		sent, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return nil
		}
		pause := time.Duration(float64(sent-p.last)/p.speed) * time.Millisecond
		first := p.last == 0
		p.last = max(p.last, sent)
		if first || pause <= 0 {
			return nil
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
