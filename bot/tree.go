package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// maxDepth is how many words the name of a command has at most: "song queue add".
const maxDepth = 4

// A tree finds commands by the words of a message. It is never changed: registering a
// command builds another one.
type tree struct {
	root    node
	order   []*command // in order of registration, without those that were replaced
	rewards []*command // called by redemptions
}

// A node is a word of the names of commands.
type node struct {
	cmd      *command // nil if the word only begins longer names
	groups   []*Spec  // the groups that the node belongs to, the outermost first
	children map[string]*node
}

// build makes a tree of commands and groups. A mistake is an error.
func build(commands []*command, groups []*Spec, prefixes []string) (*tree, error) {
	t := &tree{}
	for _, g := range groups {
		n, err := t.place(g, prefixes)
		if err != nil {
			return nil, fmt.Errorf("bot: group %q: %w", g.Name, err)
		}
		n.groups = append(n.groups, g)
	}
	for _, cmd := range commands {
		if cmd.reward != "" {
			t.rewards = append(t.rewards, cmd)
			continue
		}
		n, err := t.place(&cmd.Spec, prefixes)
		if err == nil && n.cmd != nil && !n.cmd.builtIn {
			err = fmt.Errorf("the name %q is taken", cmd.Name)
		}
		if err != nil {
			return nil, fmt.Errorf("bot: command %q: %w", cmd.Name, err)
		}
		if old := n.cmd; old != nil {
			t.order = slices.DeleteFunc(t.order, func(c *command) bool { return c == old })
		}
		n.cmd = cmd
		t.order = append(t.order, cmd)
	}
	return t, nil
}

// place returns the node of a name, and makes its aliases lead there.
func (t *tree) place(s *Spec, prefixes []string) (*node, error) {
	words := strings.Fields(s.Name)
	switch {
	case len(words) == 0:
		return nil, fmt.Errorf("invalid name %q", s.Name)
	case len(words) > maxDepth:
		return nil, fmt.Errorf("the name %q has more than %d words", s.Name, maxDepth)
	}
	parent := &t.root
	for _, word := range words[:len(words)-1] {
		parent = parent.child(word)
	}
	for _, name := range append(slices.Clone(s.Aliases), words...) {
		if name == "" || strings.ContainsFunc(name, isBreak) {
			return nil, fmt.Errorf("invalid name %q: an alias is one word", name)
		}
		for _, prefix := range prefixes {
			if strings.HasPrefix(name, prefix) {
				return nil, fmt.Errorf("%q begins with the prefix, which is not part of a name", name)
			}
		}
	}
	last := words[len(words)-1]
	n := parent.child(last)
	for _, alias := range s.Aliases {
		key := strings.ToLower(alias)
		if other, ok := parent.children[key]; ok && other != n {
			return nil, fmt.Errorf("the name %q is taken", alias)
		}
		parent.children[key] = n
	}
	return n, nil
}

func (n *node) child(word string) *node {
	key := strings.ToLower(word)
	c, ok := n.children[key]
	if !ok {
		if n.children == nil {
			n.children = map[string]*node{}
		}
		c = &node{}
		n.children[key] = c
	}
	return c
}

// inherit gives the commands below a node what their groups require. It changes the
// commands, so it is called for a tree that will be used only.
func (n *node) inherit(groups []*Spec) {
	groups = append(slices.Clip(groups), n.groups...)
	if n.cmd != nil {
		n.cmd.inherit(groups)
	}
	for _, c := range n.children {
		c.inherit(groups)
	}
}

// inherit gives a command what its component and its groups require.
func (cmd *command) inherit(groups []*Spec) {
	ch := &chain{}
	if cmd.component != nil {
		ch.specs = append(ch.specs, cmd.component)
	}
	ch.specs = append(append(ch.specs, groups...), &cmd.Spec)
	for _, s := range ch.specs {
		ch.cooldowns = append(ch.cooldowns, s.cooldowns...)
		ch.deadline = cmp.Or(s.deadline, ch.deadline)
	}
	cmd.chain.Store(ch)
}

// find returns the command that a text without its prefix calls, nil if there is none,
// the words that name it, and what follows them.
func (t *tree) find(text string) (cmd *command, alias, args string) {
	n, begin := &t.root, text
	for {
		word, rest := cutWord(text)
		c := n.children[strings.ToLower(word)]
		if c == nil || word == "" {
			return cmd, alias, args
		}
		if n, text = c, rest; n.cmd != nil {
			cmd, args = n.cmd, rest
			alias = strings.TrimSpace(begin[:len(begin)-len(trimRight(rest, begin))])
		}
	}
}

// aboutGroup returns what is said about the group of a name, "" if nothing.
func (t *tree) aboutGroup(name string) string {
	n := &t.root
	for word := range strings.FieldsSeq(name) {
		if n = n.children[strings.ToLower(word)]; n == nil {
			return ""
		}
	}
	for _, g := range slices.Backward(n.groups) {
		if g.About != "" && len(strings.Fields(g.Name)) == len(strings.Fields(name)) {
			return g.About
		}
	}
	return ""
}

// trimRight returns the end of whole that begins with rest, which may have lost spaces at
// its end.
func trimRight(rest, whole string) string {
	if i := strings.LastIndex(whole, rest); rest != "" && i >= 0 {
		return whole[i:]
	}
	return ""
}
