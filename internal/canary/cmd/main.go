// Command canary reads the output of tests and fails if it contains a secret.
package main

import (
	"fmt"
	"os"

	"github.com/larkspur-dev/larkspur/internal/canary"
)

func main() {
	if err := canary.Check(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
