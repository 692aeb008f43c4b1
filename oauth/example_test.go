package oauth_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A program that stays logged in: the code comes from the browser once, the
// Manager does the rest.
func ExampleManager() {
	twitch := newFake()
	twitch.codes["the-code"] = ada
	server := httptest.NewServer(twitch)
	defer server.Close()
	ctx := context.Background()

	tokens := oauth.NewManager("client", "secret", oauth.NewMemoryStore(), oauth.Options{
		BaseURL:    server.URL + "/oauth2", // leave it out for Twitch itself
		HTTPClient: server.Client(),
	})
	user, err := tokens.AddCode(ctx, "the-code", "http://localhost:3000")
	if err != nil {
		log.Fatal(err)
	}
	token, err := tokens.Token(ctx, user.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.Login, "granted", user.Scopes)
	fmt.Println(oauth.Secret(token)) // does not print it
	// Output:
	// ada granted chat:edit chat:read
	// tok…-123
}
