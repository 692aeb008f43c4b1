package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// logRetry is how long a log that cannot be written is not tried again.
const logRetry = 5 * time.Second

// A chatLog is a file that lines are appended to. It becomes NAME.2026-11-27 or
// NAME.2026-11-27.2, and a new one begins, on the first line of another day and when it
// would become larger than size. The last files are kept, NAME among them.
//
// If a line cannot be written, because the disk is full for example, the log reports it
// once, counts the lines that it lost, and goes on.
type chatLog struct {
	name  string
	size  int64
	files int
	warn  func(text string)

	mu      sync.Mutex
	file    *os.File  // guarded by mu; nil after a failure
	written int64     // guarded by mu; bytes in file
	day     string    // guarded by mu; on which file was begun
	lost    int       // guarded by mu; lines since the first failure
	failed  time.Time // guarded by mu; when the last attempt failed
}

// openChatLog opens a log. A file that is there is continued.
func openChatLog(name string, size int64, files int, warn func(string)) (*chatLog, error) {
	l := &chatLog{name: name, size: size, files: files, warn: warn}
	if err := l.open(); err != nil {
		return nil, err
	}
	return l, nil
}

// open opens the file. Its day is that of its last line.
func (l *chatLog) open() error {
	file, err := os.OpenFile(l.name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return err
	}
	l.file, l.written, l.day = file, info.Size(), today(time.Now())
	if l.written > 0 {
		l.day = today(info.ModTime())
	}
	return nil
}

func today(t time.Time) string { return t.Local().Format(time.DateOnly) }

// write appends a line, with its end.
func (l *chatLog) write(line []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.failed.IsZero() && time.Since(l.failed) < logRetry {
		l.lost++
		return
	}
	if err := l.append(line); err != nil {
		l.failed = time.Now()
		if l.lost++; l.lost == 1 {
			l.warn(fmt.Sprintf("the log cannot be written: %v; the program goes on without it and tries again", err))
		}
		return
	}
	if l.lost > 0 {
		l.warn(fmt.Sprintf("the log is written again; %s missing", was(l.lost)))
		l.lost, l.failed = 0, time.Time{}
	}
}

func was(lines int) string {
	if lines == 1 {
		return "1 line is"
	}
	return fmt.Sprintf("%d lines are", lines)
}

// append writes a line, or nothing of it.
func (l *chatLog) append(line []byte) error {
	if l.file == nil {
		if err := l.open(); err != nil {
			return err
		}
	}
	if now := today(time.Now()); l.written > 0 && (now != l.day || l.written+int64(len(line)) > l.size) {
		if err := l.rotate(); err != nil {
			return err
		}
	}
	if err := writeWhole(l.file, line, l.written); err != nil {
		l.close()
		return err
	}
	l.written += int64(len(line))
	return nil
}

// writeWhole writes a line to the end of a file of the given size, or nothing of it.
func writeWhole(file interface {
	io.Writer
	Truncate(size int64) error
}, line []byte, size int64,
) error {
	n, err := file.Write(line)
	if err != nil && n > 0 {
		_ = file.Truncate(size) // the disk is full, but this needs no room
	}
	return err
}

// rotate begins a new file.
func (l *chatLog) rotate() error {
	info, err := l.file.Stat()
	if err != nil {
		return err
	}
	day := l.day
	l.close()
	if info.Mode().IsRegular() {
		if err := os.Rename(l.name, l.free(day)); err != nil {
			return err
		}
		l.prune()
	}
	return l.open()
}

// free returns a name for a file of a day that is not in use yet.
func (l *chatLog) free(day string) string {
	highest := 0
	for _, o := range l.old() {
		if o.day == day {
			highest = max(highest, o.number)
		}
	}
	if highest == 0 {
		return l.name + "." + day
	}
	return fmt.Sprintf("%s.%s.%d", l.name, day, highest+1)
}

// An oldLog is a file of an earlier day, or of earlier today.
type oldLog struct {
	path, day string
	number    int // 1 for the first of a day
}

// old returns the earlier files, oldest first.
func (l *chatLog) old() []oldLog {
	entries, err := os.ReadDir(filepath.Dir(l.name))
	if err != nil {
		return nil
	}
	var found []oldLog
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Name(), filepath.Base(l.name)+".")
		day, number, several := strings.Cut(rest, ".")
		n := 1
		if several {
			n, _ = strconv.Atoi(number)
		}
		if _, err := time.Parse(time.DateOnly, day); ok && err == nil && n > 0 && e.Type().IsRegular() {
			found = append(found, oldLog{filepath.Join(filepath.Dir(l.name), e.Name()), day, n})
		}
	}
	slices.SortFunc(found, func(a, b oldLog) int {
		return cmp.Or(strings.Compare(a.day, b.day), cmp.Compare(a.number, b.number))
	})
	return found
}

// prune removes the oldest files, so that there is room for a new one.
func (l *chatLog) prune() {
	old := l.old()
	for len(old) > l.files-1 {
		if err := os.Remove(old[0].path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			l.warn(fmt.Sprintf("an old log cannot be removed: %v", err))
		}
		old = old[1:]
	}
}

func (l *chatLog) close() {
	if l.file != nil {
		_ = l.file.Close() // every line is with the system already
		l.file = nil
	}
}

// end closes the log.
func (l *chatLog) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost > 0 {
		l.warn(fmt.Sprintf("the log could not be written to the end; %s missing", was(l.lost)))
	}
	l.close()
}
