package canary

import (
	"fmt"
	"regexp"
)

// module is the prefix of all packages' names.
const module = "github.com/larkspur-dev/larkspur/"

// A permit is a place where a test may print a secret.
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

// allowed lists the places where a test prints a secret on purpose.
//
// The first three prove in every run that the records of loggers are checked in each of
// their formats.
var allowed = []permit{
	{
		"internal/quiet", regexp.MustCompile(`^TestLoudLogger$`), regexp.MustCompile(`msg="on purpose" v=canary0secretForTheLogger$`),
		"proves that the text output of loggers is checked",
	},
	{
		"internal/quiet", regexp.MustCompile(`^TestLoudLogger$`), regexp.MustCompile(`"msg":"on purpose","v":"canary0secretForTheLogger"}$`),
		"proves that the JSON output of loggers is checked",
	},
	{
		"internal/quiet", regexp.MustCompile(`^TestLoudLogger$`), regexp.MustCompile(`^in depth: v quiet\.shy "{token:canary0secretForTheLogger}" `),
		"proves that values which hide a secret from loggers are checked",
	},
	{
		"cmd/larkspur/internal/cli", regexp.MustCompile(`^TestScripts/`), regexp.MustCompile(`^ *(client secret +|export TWITCH_CLIENT_SECRET=)larkspuremulatorsecret0+$`),
		"the emulator prints its client secret at start; it is public and in its documentation",
	},
	{
		"cmd/larkspur/internal/cli", regexp.MustCompile(`^TestScripts/emulator_ctl$`), regexp.MustCompile(`^ *"(access|refresh)_token": "[^"]+",?$`),
		"larkspur emulator ctl token issues a token of the emulator and prints it",
	},
}
