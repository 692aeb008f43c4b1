package webhook

import (
	"strings"
	"testing"
)

func TestCheckCallback(t *testing.T) {
	for callback, want := range map[string]string{
		"https://bot.example.org/eventsub":     "",
		"https://bot.example.org":              "",
		"https://bot.example.org:443/a/b/":     "",
		"http://localhost:4343/eventsub":       "",
		"http://127.0.0.1:8080":                "",
		"http://[::1]:8080":                    "",
		"http://bot.localhost/":                "",
		"http://bot.example.org/eventsub":      "https addresses only",
		"https://bot.example.org:8443/":        "port 443 only",
		"":                                     "such as https://",
		"bot.example.org/eventsub":             "such as https://",
		"ftp://bot.example.org":                "such as https://",
		"https://ada:secret@bot.example.org/":  "such as https://",
		"https://bot.example.org/?token=a":     "such as https://",
		"https://bot.example.org/eventsub#top": "such as https://",
		"https://bot.example.org/%zz":          "such as https://",
	} {
		err := CheckCallback(callback)
		switch {
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: got %v, want %q", callback, err, want)
		case err != nil && strings.Contains(err.Error(), "secret"):
			t.Errorf("the error shows the password: %v", err)
		}
	}
}

func TestCallbackAndBack(t *testing.T) {
	for range 100 {
		id := NewID()
		for _, base := range []string{"https://bot.example.org/eventsub", "https://bot.example.org/eventsub/", "https://bot.example.org"} {
			gotBase, gotID := Split(Callback(base, id))
			if gotBase != strings.TrimSuffix(base, "/") || gotID != id || !IsID(id) || IDOf("/a/"+id) != id {
				t.Errorf("%s %s: got %s %s", base, id, gotBase, gotID)
			}
		}
	}
	for _, other := range []string{"", "https://bot.example.org/eventsub", "https://bot.example.org/callback/ABCDEFGHIJKLMNOPQRSTUVWXYZ", strings.Repeat("a", 26)} {
		if base, id := Split(other); id != "" || base != other {
			t.Errorf("%q: got %q %q, want no id", other, base, id)
		}
	}
}
