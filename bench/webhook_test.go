package bench_test

import (
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

var webhookRatio = regexp.MustCompile(`([0-9.]+) (cpu-)?ratio`)

// BenchmarkWebhook runs the benchmark of the program's store, which only packages of the
// program can import.
func BenchmarkWebhook(b *testing.B) {
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), "go", "test", "-run", "^$", "-bench", "^BenchmarkWebhook$", "-benchtime", "1x", "./cmd/larkspur/internal/store")
		cmd.Dir = ".."
		out, err := cmd.CombinedOutput()
		if err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		for _, found := range webhookRatio.FindAllSubmatch(out, -1) {
			ratio, err := strconv.ParseFloat(string(found[1]), 64)
			if err != nil {
				b.Fatal(err)
			}
			name := "webhook"
			if len(found[2]) > 0 {
				name = "webhook-cpu"
			}
			record(b, name, ratio)
		}
	}
}
