//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package lock

import (
	"errors"
	"os"
)

// tryLock always fails: without locks, two processes could use one refresh token twice.
func tryLock(*os.File) (bool, error) { return false, errors.ErrUnsupported }
