package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A card is a type of a bot's author.
type card string

func (k *card) ParseArg(_ context.Context, _ *Call, word string) error {
	if len(word) != 2 {
		return errors.New("must be a card, such as D7")
	}
	*k = card(strings.ToUpper(word))
	return nil
}

type everything struct {
	Text   string
	N      int8
	Size   float64
	On     bool
	Wait   time.Duration
	Hue    Color
	Card   card
	Mode   string `arg:"oneof=slow|fast"`
	Amount uint16 `arg:"flag,default=7"`
	Quiet  bool   `arg:"flag"`
	Label  string `arg:"flag"`
	List   []string
}

// parseLine parses the arguments of a call as Command does.
func parseLine[A any](t interface{ Fatal(...any) }, line string) (A, error) {
	var args A
	p, err := newPlan[A]()
	if err != nil {
		t.Fatal(err)
	}
	b := &Bot{o: Options{Prefix: "!"}}
	err = p.parse(context.Background(), &Call{Args: line, bot: b, cmd: &command{Spec: Spec{Name: "x"}, plan: p}}, &args)
	return args, err
}

// quote writes a text so that it is read as one argument.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "“", "\\“", "”", "\\”", "„", "\\„").Replace(s) + `"`
}

// What is written as a line and parsed is the same.
func TestWrittenArgumentsAreRead(t *testing.T) {
	text := rapid.StringOf(rapid.RuneFrom([]rune(`ab "'\„“”«»-=!`), unicode.Han, unicode.Latin))
	rapid.Check(t, func(t *rapid.T) {
		want := everything{
			Text: text.Draw(t, "text"), N: rapid.Int8().Draw(t, "n"),
			Size: rapid.Float64Range(-1e6, 1e6).Draw(t, "size"), On: rapid.Bool().Draw(t, "on"),
			Wait: time.Duration(rapid.IntRange(0, 1e6).Draw(t, "wait")) * time.Second,
			Hue:  Color(fmt.Sprintf("#%06X", rapid.IntRange(0, 0xffffff).Draw(t, "hue"))),
			Card: card(rapid.StringMatching("[A-Z][0-9]").Draw(t, "card")), Mode: rapid.SampledFrom([]string{"slow", "fast"}).Draw(t, "mode"),
			Amount: rapid.Uint16().Draw(t, "amount"), Quiet: rapid.Bool().Draw(t, "quiet"), Label: text.Draw(t, "label"),
			List: rapid.SliceOfN(text, 1, 5).Draw(t, "list"),
		}
		on := map[bool]string{true: "on", false: "off"}
		words := []string{
			quote(want.Text), strconv.Itoa(int(want.N)), strconv.FormatFloat(want.Size, 'g', -1, 64), on[want.On], want.Wait.String(),
			string(want.Hue), string(want.Card), want.Mode,
		}
		for _, s := range want.List {
			words = append(words, quote(s))
		}
		for _, flag := range []string{
			"--amount " + strconv.Itoa(int(want.Amount)), "--quiet=" + on[want.Quiet], "--label " + quote(want.Label),
		} {
			at := rapid.IntRange(0, len(words)).Draw(t, "at")
			words = append(words[:at:at], append([]string{flag}, words[at:]...)...)
		}
		line := strings.Join(words, "  ")
		got, err := parseLine[everything](t, line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", line, diff)
		}
	})
}

func TestQuotedArguments(t *testing.T) {
	type args struct {
		A string
		B string `arg:"optional"`
	}
	for line, want := range map[string]args{
		`"a b" c`:        {"a b", "c"},
		`“a b” c`:        {"a b", "c"},
		`„a b“ c`:        {"a b", "c"},
		`«a b» c`:        {"a b", "c"},
		`'a b' c`:        {"a b", "c"},
		`「a b」 c`:        {"a b", "c"},
		`”a b” c`:        {"a b", "c"},
		`don't c`:        {"don't", "c"},
		`'tis Ada's`:     {"'tis", "Ada's"},
		`"a b c`:         {`"a`, "b"},
		`"a\"b" c`:       {`a"b`, "c"},
		`"" c`:           {"", "c"},
		`"a b"c d`:       {`"a`, `b"c`},
		`a\ b`:           {`a\`, "b"},
		"\u3000a\u00a0b": {"a", "b"},
	} {
		if got, err := parseLine[args](t, line); err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", line, got, err, want)
		}
	}
}

func TestErrorsAboutArguments(t *testing.T) {
	type one struct {
		N int
	}
	type flags struct {
		To     string
		Amount int  `arg:"flag"`
		Quiet  bool `arg:"flag"`
	}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errOf(parseLine[one](t, "")), "usage: !x <n>"},
		{errOf(parseLine[one](t, "a")), "n must be a whole number; usage: !x <n>"},
		{errOf(parseLine[one](t, "99999999999999999999")), "n is out of range; usage: !x <n>"},
		{errOf(parseLine[flags](t, "--amount")), "--amount needs a value; usage: !x [--amount <number>] [--quiet] <to>"},
		{errOf(parseLine[flags](t, "ada --amount=many")), "--amount must be a whole number; usage: !x [--amount <number>] [--quiet] <to>"},
		{errOf(parseLine[flags](t, "--loud ada")), "there is no flag --loud; usage: !x [--amount <number>] [--quiet] <to>"},
		{errOf(parseLine[flags](t, "-- --loud")), "<nil>"},
		{errOf(parseLine[struct{ L []int }](t, "1 2 x")), "l must be a whole number; usage: !x <l...>"},
		{errOf(parseLine[struct{ L []int }](t, strings.Repeat("1 ", 51))), "l can have 50 values at most; usage: !x <l...>"},
		{errOf(parseLine[struct{ C Color }](t, "blue")), "c must be a colour like #1E90FF; usage: !x <c>"},
		{errOf(parseLine[struct{ K card }](t, "D10")), "k must be a card, such as D7; usage: !x <k>"},
		{errOf(parseLine[struct {
			M string `arg:"oneof=on|off|auto"`
		}](t, "maybe")), "m must be one of on, off, auto; usage: !x <on|off|auto>"},
	} {
		text := "<nil>"
		if sorry, ok := asUserError(tt.err); ok {
			text = sorry.Text
		} else if tt.err != nil {
			text = tt.err.Error()
		}
		if text != tt.want {
			t.Errorf("got %q, want %q", text, tt.want)
		}
	}
}

func errOf(_ any, err error) error { return err }

func TestDefaults(t *testing.T) {
	type args struct {
		N int `arg:"default=3"`
		S string
	}
	if _, err := newPlan[args](); err == nil {
		t.Error("a required argument follows one with a default")
	}
	type bad struct {
		N int `arg:"default=x"`
	}
	if _, err := newPlan[bad](); err == nil || !strings.Contains(err.Error(), `the default "x" must be a whole number`) {
		t.Errorf("got %v", err)
	}
}

func FuzzArguments(f *testing.F) {
	f.Add(`"a b" 1 1.5 on 10m #1E90FF D7 slow --amount 3 x "y z" --quiet`)
	f.Add(`-- --amount „a“ \" 「`)
	f.Fuzz(func(t *testing.T, line string) {
		_, err := parseLine[everything](t, line)
		if _, sorry := asUserError(err); err != nil && !sorry {
			t.Errorf("%q: %v is no error for the chatter", line, err)
		}
	})
}
