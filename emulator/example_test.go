package emulator_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator"
)

// An emulator as a program of its own would start it; in a test use Start.
func Example() {
	tw := emulator.New(emulator.Channel("Ada"), emulator.Live("ada"))
	defer tw.Close()
	if err := tw.Listen("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}

	tw.Follow("ada", "grace")
	tw.Say("ada", "grace", "hello!")
	for _, m := range tw.Chat("ada") {
		fmt.Printf("%s: %s\n", m.User, m.Text)
	}

	// The same from outside, in whatever language.
	r, _ := http.NewRequestWithContext(context.Background(), http.MethodPost, tw.URL()+"/larkspur/title",
		strings.NewReader(`{"broadcaster": "ada", "text": "Chess until I lose"}`))
	r.Header.Set("Content-Type", "application/json")
	resp, err := tw.HTTPClient().Do(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Println(resp.Status, "-", tw.Title("ada"))
	// Output:
	// grace: hello!
	// 200 OK - Chess until I lose
}
