package config

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// A Problem is one mistake in a configuration, with its position.
type Problem struct { //nolint:errname // a problem in a file is the plain word; package skill calls it ConfigError
	File   string // as given to [Parse]
	Line   int    // from 1
	Column int    // from 1, in characters
	Path   string // "skills.title.do[0].title"; empty for the whole file
	Text   string // what is wrong and, if known, what to do
}

// Error returns the problem in the format of a compiler:
//
//	larkspur.yaml:17:21: skills.title.do[0].title: unknown name "titel"; did you mean "title"?
func (p Problem) Error() string {
	if p.Path == "" {
		return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Text)
	}
	return fmt.Sprintf("%s:%d:%d: %s: %s", p.File, p.Line, p.Column, p.Path, p.Text)
}

// LogValue returns the problem as attributes.
func (p Problem) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("file", p.File), slog.Int("line", p.Line), slog.Int("column", p.Column),
		slog.String("path", p.Path), slog.String("text", p.Text),
	)
}

// Problems are the mistakes of a configuration. As an error, they are printed one per line.
type Problems []Problem //nolint:errname // as above

// Error returns the problems sorted by position, one per line.
func (ps Problems) Error() string {
	sorted := slices.Clone(ps)
	sorted.sort()
	lines := make([]string, len(sorted))
	for i, p := range sorted {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Err returns the problems sorted by position as an error, or nil when there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	sorted := slices.Clone(ps)
	sorted.sort()
	return sorted
}

// Unwrap returns the problems one by one, for [errors.As].
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errs
}

// Add records a problem with the node n.
func (ps *Problems) Add(n *Node, format string, args ...any) {
	*ps = append(*ps, n.Problem(format, args...))
}

// sort sorts the problems by position and removes duplicates.
func (ps *Problems) sort() {
	slices.SortStableFunc(*ps, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	*ps = slices.Compact(*ps)
}
