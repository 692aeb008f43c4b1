package canary

import (
	"bufio"
	"encoding/json"
	"io"
	"slices"
	"strings"
)

// outcome holds the results of the packages, sorted.
type outcome struct {
	passed     int
	failed     []string // packages, and tests in them: "package" or "package TestX"
	unfinished []string
}

// An event is a line of "go test -json".
type event struct {
	Action     string
	Package    string
	ImportPath string // of a build
	Test       string
	Output     string
}

// read calls each for every complete line of test output, with the test that printed
// it. A long line can be split over several events.
func read(in io.Reader, each func(pkg, test, line string)) (outcome, error) {
	var o outcome
	open := map[string]bool{}
	begun := map[string]string{} // lines without an end, by package and test
	lines := bufio.NewReaderSize(in, 64<<10)
	for {
		raw, err := lines.ReadString('\n')
		if raw != "" {
			var e event
			if json.Unmarshal([]byte(raw), &e) != nil || e.Action == "" {
				each("go", "", strings.TrimSuffix(raw, "\n")) // of the go command itself
				e = event{}
			}
			where := e.Package + " " + e.Test
			switch e.Action {
			case "output", "build-output":
				begun[where] += e.Output
				for {
					line, rest, whole := strings.Cut(begun[where], "\n")
					if !whole {
						break
					}
					each(e.Package+e.ImportPath, e.Test, line)
					begun[where] = rest
				}
			case "start":
				open[e.Package] = true
			case "pass", "skip", "fail", "build-fail":
				if begun[where] != "" {
					each(e.Package, e.Test, begun[where])
				}
				delete(begun, where)
				if e.Test == "" {
					delete(open, e.Package)
				}
				o.count(e)
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return o, err
		}
	}
	for where, line := range begun {
		if line != "" {
			pkg, test, _ := strings.Cut(where, " ")
			each(pkg, test, line)
		}
	}
	for p := range open {
		o.unfinished = append(o.unfinished, p)
	}
	slices.Sort(o.failed)
	slices.Sort(o.unfinished)
	return o, nil
}

// count records the result of a package or a test.
func (o *outcome) count(e event) {
	switch e.Action {
	case "pass":
		if e.Test == "" {
			o.passed++
		}
	case "fail", "build-fail":
		o.failed = append(o.failed, strings.TrimSpace(e.Package+e.ImportPath+" "+e.Test))
	}
}
