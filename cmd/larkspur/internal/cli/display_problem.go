package cli

import (
	"cmp"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/skill"
)

// repeatsWithin is how long a problem of a skill is not printed again.
const repeatsWithin = time.Minute

// repeats count a problem that is not printed again.
type repeats struct {
	last  entry
	more  int
	timer *time.Timer // reports them
}

// isProblem reports whether a skill failed, or refused a viewer.
func isProblem(e entry) bool {
	return e.Kind == "action" && (e.Error != "" || e.What == string(skill.Denied))
}

// problemText says what did not work: "ban of mallory failed: …".
func problemText(e entry) string {
	switch {
	case e.What == string(skill.Denied):
		return fmt.Sprintf("%s may not use %s", cmp.Or(printable(e.Who), "this user"), printable(e.Text))
	case e.What == string(skill.Failed):
		return fmt.Sprintf("%s failed: %s", e.Skill, printable(e.Error))
	case (e.What == "ban" || e.What == "timeout") && e.Text != "":
		return fmt.Sprintf("%s of %s failed: %s", e.What, printable(e.Text), printable(e.Error))
	}
	return fmt.Sprintf("%s failed: %s", e.What, printable(e.Error))
}

// problem prints a problem of a skill. If the same one comes again within a minute, it
// is only counted; the count is printed at the end of that minute. d.mu must be held.
func (d *display) problem(e entry) {
	key := e.Skill + "\n" + problemText(e)
	if r := d.recent[key]; r != nil {
		r.last, r.more = e, r.more+1
		return
	}
	d.print(e)
	r := &repeats{}
	r.timer = time.AfterFunc(repeatsWithin, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.recent[key] == r {
			d.tell(key)
		}
	})
	d.recent[key] = r
}

// tell prints how often a problem came again, and forgets it. d.mu must be held.
func (d *display) tell(key string) {
	r := d.recent[key]
	r.timer.Stop()
	delete(d.recent, key)
	if r.more == 0 {
		return
	}
	again := fmt.Sprintf("! %s: %d more times", problemText(r.last), r.more)
	if r.more == 1 {
		again = fmt.Sprintf("! %s: once more", problemText(r.last))
	}
	at := d.paint(dim, d.at(time.Since(d.started).Milliseconds()))
	fmt.Fprintln(d.w, wrap(fmt.Sprintf("%s  %s %s", at, d.paint(red, again), d.paint(dim, "("+r.last.Skill+")")), d.columns()))
}

// finish prints the counts of all problems.
func (d *display) finish() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for key := range d.recent {
		d.tell(key)
	}
}
