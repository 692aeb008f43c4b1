package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// logOf returns a log in an empty directory, and what it warns of.
func logOf(t *testing.T, dir string, size int64, files int) (l *chatLog, warnings *[]string) {
	t.Helper()
	warnings = new([]string)
	l, err := openChatLog(filepath.Join(dir, "chat.log"), size, files, func(text string) { *warnings = append(*warnings, text) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.end)
	return l, warnings
}

func namesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// A new file begins at midnight and when a file is full, and the oldest are removed.
func TestChatLogRotates(t *testing.T) {
	dir := t.TempDir()
	for _, other := range []string{"chat.log.bak", "chat.log.1", "other.log.2000-01-01"} {
		if err := os.WriteFile(filepath.Join(dir, other), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(toMidnight() - time.Second)
		first := today(time.Now())
		l, warnings := logOf(t, dir, 30, 4)
		write := func(text string) { l.write([]byte(text + "\n")) }
		write("before midnight")
		time.Sleep(time.Second)
		second := today(time.Now())
		if first == second {
			t.Fatal("it is the same day")
		}
		for i := range 5 { // 20 bytes each: one in a file
			write(fmt.Sprintf("after midnight     %d", i))
		}
		want := []string{"chat.log", "chat.log.1", "chat.log." + second + ".2", "chat.log." + second + ".3", "chat.log." + second + ".4", "chat.log.bak", "other.log.2000-01-01"}
		if got := namesIn(t, dir); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if got := read(t, filepath.Join(dir, "chat.log")); got != "after midnight     4\n" {
			t.Errorf("got %q in the newest file", got)
		}
		if got := read(t, filepath.Join(dir, "chat.log."+second+".4")); got != "after midnight     3\n" {
			t.Errorf("got %q in the file before", got)
		}
		if len(*warnings) > 0 {
			t.Errorf("got warnings %q", *warnings)
		}
	})
}

// A log of an earlier day that the program finds is put aside under that day.
func TestChatLogContinues(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "chat.log")
	if err := os.WriteFile(name, []byte("old\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	yesterday := time.Now().AddDate(0, 0, -1)
	if err := os.Chtimes(name, yesterday, yesterday); err != nil {
		t.Fatal(err)
	}
	l, _ := logOf(t, dir, 1000, 4)
	l.write([]byte("new\n"))
	if got, want := namesIn(t, dir), []string{"chat.log", "chat.log." + today(yesterday)}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	l.end()
	l, _ = logOf(t, dir, 1000, 4)
	l.write([]byte("newer\n"))
	if got := read(t, name); got != "new\nnewer\n" {
		t.Errorf("got %q", got)
	}
}

// A failure is told once; the log goes on when it is over, and says what is missing.
func TestChatLogFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "logs")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		l, warnings := logOf(t, dir, 1000, 4)
		l.write([]byte("one\n"))
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		l.file.Close() // writing to it fails, as on a full disk
		for range 20 {
			l.write([]byte("two\n"))
			time.Sleep(time.Second)
		}
		if len(*warnings) != 1 || !strings.HasPrefix((*warnings)[0], "the log cannot be written: ") {
			t.Errorf("got warnings %q, want one", *warnings)
		}
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		time.Sleep(logRetry)
		l.write([]byte("three\n"))
		if len(*warnings) != 2 || (*warnings)[1] != "the log is written again; 20 lines are missing" {
			t.Errorf("got warnings %q", *warnings)
		}
		if got := read(t, filepath.Join(dir, "chat.log")); got != "three\n" {
			t.Errorf("got %q", got)
		}
	})
}

// A fullDisk is a file that takes only the first bytes.
type fullDisk struct {
	text []byte
	room int
}

func (d *fullDisk) Write(p []byte) (int, error) {
	n := min(d.room-len(d.text), len(p))
	d.text = append(d.text, p[:n]...)
	if n < len(p) {
		return n, io.ErrShortWrite
	}
	return n, nil
}

func (d *fullDisk) Truncate(size int64) error {
	d.text = d.text[:size]
	return nil
}

// Of a line that does not fit on the disk, nothing stays.
func TestChatLogHasWholeLines(t *testing.T) {
	d := &fullDisk{room: 6}
	if err := writeWhole(d, []byte("one\n"), 0); err != nil {
		t.Fatal(err)
	}
	if err := writeWhole(d, []byte("two\n"), 4); err == nil || string(d.text) != "one\n" {
		t.Errorf("got %v and %q", err, d.text)
	}
}
