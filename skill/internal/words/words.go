// Package words finds many words in a text in one pass, in time that does not grow with
// their number: an Aho-Corasick automaton.
//
// Start with
//
//	f := words.New([][]string{{"foo", "bar"}, {"baz"}})
//	f.Find("a bazaar", func(list, start, end int) { … })
package words

// A Finder finds the words of several lists. It is immutable.
type Finder struct {
	nodes []node
	lists int
}

// A node is a state of the automaton: a beginning of a word.
type node struct {
	next map[byte]int32
	fail int32 // the longest other beginning that the text so far ends with
	out  []hit // words that end here
	link int32 // the nearest node by fail that has words; 0 if none
}

type hit struct {
	list, length int
}

// New returns a finder of the words in lists, nil if there are no words. Empty words are
// ignored.
func New(lists [][]string) *Finder {
	f := &Finder{nodes: []node{{}}, lists: len(lists)}
	for i, list := range lists {
		for _, w := range list {
			f.add(i, w)
		}
	}
	if len(f.nodes) == 1 {
		return nil
	}
	f.link()
	return f
}

// Lists returns the number of lists.
func (f *Finder) Lists() int { return f.lists }

func (f *Finder) add(list int, word string) {
	if word == "" {
		return
	}
	at := int32(0)
	for i := range len(word) {
		next, ok := f.nodes[at].next[word[i]]
		if !ok {
			next = int32(len(f.nodes)) //nolint:gosec // memory ends before 2^31 nodes
			f.nodes = append(f.nodes, node{})
			if f.nodes[at].next == nil {
				f.nodes[at].next = map[byte]int32{}
			}
			f.nodes[at].next[word[i]] = next
		}
		at = next
	}
	f.nodes[at].out = append(f.nodes[at].out, hit{list, len(word)})
}

// link sets where the automaton goes on when no word continues.
func (f *Finder) link() {
	var queue []int32
	for _, child := range f.nodes[0].next {
		queue = append(queue, child)
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for b, child := range f.nodes[at].next {
			queue = append(queue, child)
			fail := f.step(f.nodes[at].fail, b)
			f.nodes[child].fail = fail
			f.nodes[child].link = f.nodes[fail].link
			if len(f.nodes[fail].out) > 0 {
				f.nodes[child].link = fail
			}
		}
	}
}

// step returns the state after a byte.
func (f *Finder) step(at int32, b byte) int32 {
	for {
		if next, ok := f.nodes[at].next[b]; ok {
			return next
		}
		if at == 0 {
			return 0
		}
		at = f.nodes[at].fail
	}
}

// Find calls found for every place where a word of a list occurs in the text.
func (f *Finder) Find(text string, found func(list, start, end int)) {
	at := int32(0)
	for i := range len(text) {
		at = f.step(at, text[i])
		for n := at; n != 0; n = f.nodes[n].link {
			for _, h := range f.nodes[n].out {
				found(h.list, i+1-h.length, i+1)
			}
		}
	}
}
