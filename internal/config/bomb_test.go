package config

import (
	"strings"
	"testing"
	"time"
)

func TestBombsEndQuickly(t *testing.T) {
	aliases, merges := "a0: &a0 [x]\n", "m0: &m0 {k0: 1}\n"
	for _, step := range []string{"01", "12", "23", "34", "45", "56", "67", "78", "89"} {
		p, n := step[:1], step[1:]
		aliases += "a" + n + ": &a" + n + " [" + strings.Repeat("*a"+p+", ", 9) + "*a" + p + "]\n"
		merges += "m" + n + ": &m" + n + " {<<: [" + strings.Repeat("*m"+p+", ", 9) + "*m" + p + "], k" + n + ": *m" + p + "}\n"
	}
	tests := []struct{ name, src, want string }{
		{"aliases", aliases, "more than 100000 values"},
		{"merges", merges, ""},
		{"brackets", strings.Repeat("[", maxSize), "nested deeper"},
		{"braces", strings.Repeat("{", maxSize), "nested deeper"},
		{"closed brackets", strings.Repeat("[", 900) + strings.Repeat("]", 900), "nested deeper"},
		{"dashes", strings.Repeat("- ", maxSize/2), "nested deeper"},
		{"fewer dashes", strings.Repeat("- ", 900), "nested deeper"},
		{"questions", strings.Repeat("? ", maxSize/2), "nested deeper"},
		{"indentation", indented(1400), "nested deeper"},
		{"too large", strings.Repeat("a", maxSize+1), "larger than 1 MiB"},
		{"too many lines", strings.Repeat("a: b\n", maxLines+1), "more than 20000 lines"},
		{"many keys", strings.Repeat("a: b\n", maxLines-1), "duplicate key"},
		{"many values", "[" + strings.Repeat("a,", maxNodes+1) + "]", "more than 100000 values"},
		{"one long word", strings.Repeat("a", maxSize), ""},
		{"escapes", `"` + strings.Repeat(`\n`, maxSize/2-2) + `"`, ""},
		{"tags", strings.Repeat("!a ", maxSize/3), "not valid YAML"},
		{"anchors", strings.Repeat("&a ", maxSize/3), "not valid YAML"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			_, ps := Parse("bomb.yaml", []byte(tt.src), Options{})
			if took := time.Since(start); took > time.Minute { // alone it takes a second
				t.Errorf("took %v", took)
			}
			switch {
			case tt.want == "" && len(ps) > 0:
				t.Errorf("got %v", ps[0])
			case tt.want != "" && (len(ps) == 0 || !strings.Contains(ps[0].Text, tt.want)):
				t.Errorf("got %d problems, want %q", len(ps), tt.want)
			}
		})
	}
}

func indented(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}
