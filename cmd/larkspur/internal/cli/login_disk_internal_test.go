package cli

import (
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

// A full disk is not taken for a network that is down.
func TestLoginOnAFullDisk(t *testing.T) {
	full := fmt.Errorf("oauth: token file: %w", &fs.PathError{Op: "write", Path: "tokens.json", Err: syscall.ENOSPC})
	got := (&login{}).explain(t.Context(), full).Error()
	if !strings.Contains(got, "the tokens cannot be stored") || strings.Contains(got, "network") {
		t.Errorf("got %q, want that the tokens cannot be stored", got)
	}
}
