// Command canary fails when the tests whose output it reads have printed a secret.
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
