package project

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Options say what project is written.
type Options struct {
	Module  string // path of the module: "example.org/robin"
	Name    string // of the program: letters, digits, - and _
	Channel string // login of the channel; "" for the one of the account that logs in
	Prefix  string // of commands: "!"
	Several bool   // the bot serves several channels, over a conduit

	Version string // of Larkspur that the project requires: "v1.2.3"; "" with Source
	Source  string // directory of Larkspur's source, for a build that was not published
}

var (
	modulePath  = regexp.MustCompile(`^[A-Za-z0-9_~-][A-Za-z0-9_.~-]*(/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*$`)
	programName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,49}$`)
	loginName   = regexp.MustCompile(`^[a-z0-9_]{1,25}$`)
	release     = regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$`)
	pseudo      = regexp.MustCompile(`[.-][0-9]{14}-[0-9a-f]{12}$`)
)

// IsPublished reports whether a version of this program is one that Go can download.
func IsPublished(version string) bool {
	return release.MatchString(version) && !pseudo.MatchString(version)
}

// check finds mistakes in the options.
func (o Options) check() error {
	switch {
	case !modulePath.MatchString(o.Module) || strings.Contains(o.Module, ".."):
		return fmt.Errorf("%q is not the path of a Go module; want one such as example.org/mybot", o.Module)
	case !programName.MatchString(o.Name):
		return fmt.Errorf("%q is not a name for a program; use letters, digits, - and _", o.Name)
	case o.Channel != "" && !loginName.MatchString(o.Channel):
		return fmt.Errorf("%q is not a channel: a login has at most 25 letters, digits and underscores", o.Channel)
	case o.Prefix == "" || len(o.Prefix) > 10 || strings.ContainsAny(o.Prefix, " \t\"`\\\n"):
		return fmt.Errorf("%q is not a prefix for commands; want one without spaces, at most 10 characters", o.Prefix)
	case o.Version == "" && o.Source == "":
		return errors.New("this build of larkspur was not published, so Go cannot download it; name the directory of its source with --module DIR")
	}
	return nil
}

// requirements returns the lines of go.mod that require what Larkspur requires, and its
// go.sum, so that the project builds without a network. It returns nothing for a published
// version: go mod tidy finds them.
func (o Options) requirements() (require []string, sums string, err error) {
	if o.Source == "" {
		return nil, "", nil
	}
	mod, err := os.ReadFile(filepath.Join(o.Source, "go.mod"))
	if err != nil {
		return nil, "", fmt.Errorf("--module: %w", err)
	}
	if !strings.HasPrefix(string(mod), "module github.com/larkspur-dev/larkspur\n") {
		return nil, "", fmt.Errorf("--module: %s is not Larkspur's source", o.Source)
	}
	inside := false
	for line := range strings.Lines(string(mod)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "require (":
			inside = true
		case line == ")":
			inside = false
		case inside && line != "":
			requirement, _, _ := strings.Cut(line, " //")
			require = append(require, requirement+" // indirect")
		}
	}
	sum, err := os.ReadFile(filepath.Join(o.Source, "go.sum"))
	if err != nil {
		return nil, "", fmt.Errorf("--module: %w", err)
	}
	return require, string(sum), nil
}
