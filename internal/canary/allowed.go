package canary

import (
	"fmt"
	"regexp"
)

// module is what all packages' names begin with.
const module = "github.com/larkspur-dev/larkspur/"

// A permit is a place that may show a secret.
type permit struct {
	pkg    string // without the module's name
	test   *regexp.Regexp
	line   *regexp.Regexp
	reason string
}

func (p permit) String() string { return fmt.Sprintf("%s %s %q", p.pkg, p.test, p.line) }

func (p permit) covers(pkg, test, line string) bool {
	return pkg == module+p.pkg && p.test.MatchString(test) && p.line.MatchString(line)
}

// allowed is every place where a test prints a secret on purpose.
//
// The first three prove in every run that what a logger is given arrives here, as it is
// written in each of its ways.
var allowed = []permit{
	{
		"internal/quiet", regexp.MustCompile(`^TestLoudLogger$`), regexp.MustCompile(`msg="on purpose" v=canary0secretForTheLogger$`),
		"proves that the text of loggers is looked at",
	},
	{
		"internal/quiet", regexp.MustCompile(`^TestLoudLogger$`), regexp.MustCompile(`"msg":"on purpose","v":"canary0secretForTheLogger"}$`),
		"proves that the JSON of loggers is looked at",
	},
	{
		"internal/quiet", regexp.MustCompile(`^TestLoudLogger$`), regexp.MustCompile(`^in depth: v quiet\.shy "{token:canary0secretForTheLogger}" `),
		"proves that values are looked into which hide themselves from loggers",
	},
	{
		"cmd/larkspur/internal/cli", regexp.MustCompile(`^TestScripts/`), regexp.MustCompile(`^ *client secret +larkspuremulatorsecret0+$`),
		"the emulator greets with the client secret to use with it, which is in its documentation",
	},
}
