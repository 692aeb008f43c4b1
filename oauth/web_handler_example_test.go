package oauth_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A web app with a login, and a user's browser. The emulator replaces Twitch and grants
// the scopes as ada.
func ExampleHandler() {
	tw := emulator.New(emulator.User("ada"), emulator.ApproveAs("ada"))
	if err := tw.Listen("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer tw.Close()
	mux := http.NewServeMux()
	site := httptest.NewServer(mux)
	defer site.Close()

	tokens := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), oauth.NewMemoryStore(), oauth.Options{
		BaseURL:    tw.OAuthURL(), // leave it out for Twitch itself
		HTTPClient: site.Client(),
	})
	h, err := oauth.NewHandler(tokens, site.URL+"/oauth/callback", oauth.HandlerOptions{
		OnLogin: func(w http.ResponseWriter, _ *http.Request, u oauth.User) {
			fmt.Fprintf(w, "Welcome, %s! You granted %s.", u.Login, u.Scopes)
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	mux.Handle("/oauth", h)
	mux.Handle("/oauth/callback", h)

	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, Transport: site.Client().Transport}
	fmt.Println(open(browser, site.URL+"/oauth?scopes=openid+chat:read"))
	// Output: Welcome, ada! You granted chat:read openid.
}
