package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// everyPage fetches all pages, as large as Twitch allows, and prints their items as one
// list. It also prints what it fetched before an error.
func everyPage(ctx context.Context, s *apiSession, params *apiParams, out *answerWriter, progress *progress) error {
	if most := params.endpoint.PageMax; most > 0 && !params.isSet("first") {
		params.set("first", strconv.Itoa(most))
	}
	seen := map[string]bool{}
	var err error
	for more := true; more && err == nil; {
		more, err = onePage(ctx, s, params, out, progress, seen)
	}
	if endErr := out.end(); err == nil {
		err = endErr
	}
	progress.end()
	return err
}

// onePage fetches one page and prepares params for the next; more is false after the last.
func onePage(ctx context.Context, s *apiSession, params *apiParams, out *answerWriter, progress *progress, seen map[string]bool) (more bool, err error) {
	answer, err := s.call(ctx, params)
	if err != nil {
		return false, err
	}
	n, err := out.items(answer)
	if err != nil {
		return false, fmt.Errorf("%s: %w", params.endpoint.Name, err)
	}
	progress.page(n)
	next := nextPage(answer)
	if seen[next] {
		return false, fmt.Errorf("%s: %w", params.endpoint.Name, errLoop)
	}
	seen[next] = true
	return next != "" && params.set("after", next), nil
}

var errLoop = errors.New("the answer leads back to an earlier page")

// nextPage returns an answer's cursor: in an object, or as text in one old endpoint.
func nextPage(answer []byte) string {
	var page struct{ Pagination json.RawMessage }
	if json.Unmarshal(answer, &page) != nil {
		return ""
	}
	var object struct{ Cursor string }
	if json.Unmarshal(page.Pagination, &object) == nil {
		return object.Cursor
	}
	var cursor string
	_ = json.Unmarshal(page.Pagination, &cursor) // other JSON types are not a cursor
	return cursor
}

// progress shows how much of a long list was fetched: at a terminal while it is fetched,
// elsewhere at the end.
type progress struct {
	w            io.Writer
	live         bool
	pages, found int
}

func newProgress(p Process) *progress {
	return &progress{w: p.Stderr, live: isTerminal(p.Stderr)}
}

func (p *progress) page(items int) {
	p.pages++
	p.found += items
	if p.live {
		fmt.Fprintf(p.w, "\r%s in %s …", number(p.found, "item"), number(p.pages, "page"))
	}
}

// clear removes the line that shows the progress.
func (p *progress) clear() {
	if p.live {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

func (p *progress) end() {
	p.clear()
	fmt.Fprintf(p.w, "%s in %s\n", number(p.found, "item"), number(p.pages, "page"))
}

// number formats a count, as in "1 page", "2 pages".
func number(n int, of string) string {
	if n != 1 {
		of += "s"
	}
	return fmt.Sprintf("%d %s", n, of)
}
