package canary

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// printed returns the output of a run of one test that prints text.
func printed(t *testing.T, text string, more ...event) string {
	t.Helper()
	events := append([]event{
		{Action: "start", Package: module + "pkg"},
		{Action: "output", Package: module + "pkg", Test: "TestX", Output: text},
		{Action: "pass", Package: module + "pkg", Test: "TestX"},
		{Action: "pass", Package: module + "pkg"},
	}, more...)
	var b strings.Builder
	for _, e := range events {
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return b.String()
}

func TestFindsLeaks(t *testing.T) {
	for _, mark := range marks {
		secret := mark + "k3j5h6g7f8d9s0a1q"
		whole := []byte("user:" + secret + ":x")
		inJSON, err := json.Marshal(map[string]any{"text": secret, "bytes": whole})
		if err != nil {
			t.Fatal(err)
		}
		for form, text := range map[string]string{
			"plain": secret, "in a sentence": "got " + secret + ", want none", "cut off": secret[:len(mark)+1], "in capitals": strings.ToUpper(secret),
			"in a URL": "http://x/?" + url.Values{"token": {secret}}.Encode(), "quoted": fmt.Sprintf("%q", secret),
			"JSON": string(inJSON), "JSON in JSON": fmt.Sprintf("%q", inJSON),
			"%x": fmt.Sprintf("%x", secret), "%X": fmt.Sprintf("%X", whole), "% x": fmt.Sprintf("% x", whole), "%v": fmt.Sprintf("%d", whole), "%#v": fmt.Sprintf("%#v", whole),
			"a JSON list": strings.ReplaceAll(fmt.Sprintf("%d", whole), " ", ","), "a list": strings.ReplaceAll(fmt.Sprintf("%d", whole), " ", ", "),
			"base64":   base64.StdEncoding.EncodeToString([]byte(secret)),
			"base64 1": base64.RawURLEncoding.EncodeToString([]byte("x" + secret)),
			"base64 2": base64.URLEncoding.EncodeToString([]byte("xx" + secret)),
			"base32 3": base32.StdEncoding.EncodeToString([]byte("xxx" + secret)),
			"after ü":  "ü\t" + secret,
		} {
			var out strings.Builder
			err := check(strings.NewReader(printed(t, text+"\n")), &out, nil)
			if !errors.Is(err, ErrFound) || !strings.Contains(out.String(), module+"pkg: TestX prints a secret") {
				t.Errorf("%s, %s: got %v, %q, want a leak", mark, form, err, out.String())
			}
			if strings.Contains(out.String(), "k3j5h6") {
				t.Errorf("%s, %s: the secret is in the complaint: %s", mark, form, out.String())
			}
		}
	}
}

// A secret is found even if it is split over two events and no end of line follows.
func TestFindsLeaksInPieces(t *testing.T) {
	in := printed(t, "a canary0", event{Action: "output", Package: module + "pkg", Test: "TestY", Output: "canary0"},
		event{Action: "output", Package: module + "pkg", Test: "TestZ", Output: "other\n"},
		event{Action: "output", Package: module + "pkg", Test: "TestY", Output: "secret123"})
	var out strings.Builder
	if err := check(strings.NewReader(in), &out, nil); !errors.Is(err, ErrFound) || !strings.Contains(out.String(), "TestY prints") {
		t.Errorf("got %v, %q, want a leak", err, out.String())
	}
}

func TestGoodOutputPasses(t *testing.T) {
	var out strings.Builder
	err := check(strings.NewReader(printed(t, "token=tok…9s0a canary [redacted] Y2FuYXJ5\na key begins with larkspur-key-1- and has more\nlarkspur-key-1-\n")), &out, nil)
	if err != nil || !strings.Contains(out.String(), "3 lines of 1 packages") {
		t.Errorf("got %v, %q, want none of it to be a leak", err, out.String())
	}
}

func TestPermits(t *testing.T) {
	permits := []permit{{pkg: "pkg", test: regexp.MustCompile(`^TestX$`), line: regexp.MustCompile(`^shown: `)}}
	for _, tt := range []struct{ name, text, want string }{
		{"what is permitted", "shown: canary0secret1\n", ""},
		{"another line", "shown: canary0secret1\nalso: canary0secret1\n", "TestX prints a secret"},
		{"a key behind its beginning", "larkspur-key-1- and larkspur-key-1-Ab\n", `after "larkspur-key-1- and "`},
		{"nothing", "shown: nothing\n", "this permission can go"},
	} {
		var out strings.Builder
		err := check(strings.NewReader(printed(t, tt.text)), &out, permits)
		if (err != nil) != (tt.want != "") || !strings.Contains(out.String(), tt.want) {
			t.Errorf("%s: got %v, %q, want %q", tt.name, err, out.String(), tt.want)
		}
	}
	for _, test := range []string{"TestX/sub", "TestXY", ""} {
		if permits[0].covers(module+"pkg", test, "shown: ") {
			t.Errorf("the permit of TestX covers %q", test)
		}
	}
}

// Output that is not a complete run of passing tests is an error.
func TestIncompleteRuns(t *testing.T) {
	for _, tt := range []struct {
		name, in, want string
	}{
		{"nothing", "", "the input is not the output of tests"},
		{"no JSON", "FAIL\n", "the input is not the output of tests"},
		{"a leak of the go command", "go: canary0secret1\n", "go: code outside of a test prints a secret"},
		{"cut off", printed(t, "x\n", event{Action: "start", Package: module + "other"}), "other did not come to an end"},
		{"failed", printed(t, "x\n", event{Action: "fail", Package: module + "other"}), "other failed"},
		{"failed test", printed(t, "x\n", event{Action: "fail", Package: module + "other", Test: "TestY"}), "other TestY failed"},
		{"not built", printed(t, "x\n", event{Action: "build-fail", ImportPath: module + "other"}), "other failed"},
		{"a leak while it is built", printed(t, "x\n", event{Action: "build-output", ImportPath: module + "other", Output: "canary0secret1\n"}), "other: code outside of a test prints a secret"},
		{"a test that did not end", printed(t, "x\n", event{Action: "output", Package: module + "pkg", Test: "TestY", Output: "canary0secret1"}), "TestY prints a secret"},
	} {
		var out strings.Builder
		if err := check(strings.NewReader(tt.in), &out, nil); !errors.Is(err, ErrFound) || !strings.Contains(out.String(), tt.want) {
			t.Errorf("%s: got %v, %q, want %q", tt.name, err, out.String(), tt.want)
		}
	}
}

func TestPermitsHaveReasons(t *testing.T) {
	for _, p := range allowed {
		if p.reason == "" || p.pkg == "" || p.line == nil || p.line.MatchString("") || !strings.HasPrefix(p.test.String(), "^Test") {
			t.Errorf("%s is too wide, or has no reason", p)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(`{"Action":"output","Package":"p","Test":"T","Output":"canary0secret\n"}` + "\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		var out strings.Builder
		_ = Check(strings.NewReader(string(in)), &out)
	})
}
