package oauth_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// example returns a Client of the emulator; the zero BaseURL is Twitch itself.
func example(opts ...emulator.Option) (*oauth.Client, *emulator.Server, func()) {
	tw := emulator.New(append([]emulator.Option{emulator.User("ada")}, opts...)...)
	if err := tw.Listen("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	transport := &http.Transport{}
	c := &oauth.Client{
		ClientID: tw.ClientID(), ClientSecret: oauth.Secret(tw.ClientSecret()),
		BaseURL: tw.OAuthURL(), HTTPClient: &http.Client{Transport: transport},
	}
	return c, tw, func() {
		transport.CloseIdleConnections()
		tw.Close()
	}
}

// open opens an address and returns the text of the page.
func open(browser *http.Client, address string) string {
	res, err := browser.Get(address)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = res.Body.Close() }()
	text, _ := io.ReadAll(res.Body)
	return string(text)
}

// The authorization code flow by hand: send the person to a page, take the code from
// the address they come back to.
func ExampleClient_ExchangeCode() {
	c, _, done := example(emulator.ApproveAs("ada"))
	defer done()
	var back string // the address that the browser shows in the end
	site := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { back = r.URL.String() }))
	defer site.Close()

	state := oauth.NewState()
	open(site.Client(), c.AuthorizeURL(oauth.Authorization{
		RedirectURI: site.URL, Scopes: oauth.NewScopeSet(oauth.ScopeChatRead), State: state,
	}))
	code, err := oauth.ParseRedirect(back, state)
	if err != nil {
		log.Fatal(err)
	}
	token, err := c.ExchangeCode(context.Background(), code, site.URL)
	fmt.Println(token.Scopes, token.RefreshToken != "", err)
	// Output: chat:read true <nil>
}

// The device flow: show a code and wait until the user has entered it in a browser.
func ExampleClient_WaitDevice() {
	c, tw, done := example()
	defer done()
	ctx := context.Background()

	d, err := c.StartDevice(ctx, oauth.NewScopeSet(oauth.ScopeChatRead))
	if err != nil {
		log.Fatal(err)
	}
	_ = fmt.Sprintf("Open %s and enter %s", d.VerificationURI, d.UserCode)
	tw.ApproveDevice(d.UserCode, "ada", true) // what the user does in the browser
	token, err := c.PollDevice(ctx, d)        // WaitDevice does it every few seconds
	fmt.Println(token.Scopes, err)
	// Output: chat:read <nil>
}

// Client credentials give a token of the app itself; it can be validated and revoked
// like every other.
func ExampleClient_AppToken() {
	c, _, done := example()
	defer done()
	ctx := context.Background()

	token, err := c.AppToken(ctx)
	if err != nil {
		log.Fatal(err)
	}
	id, err := c.Validate(ctx, token.AccessToken)
	fmt.Println(id.UserID == "", len(id.Header()), err)
	fmt.Println(c.Revoke(ctx, token.AccessToken))
	_, err = c.Validate(ctx, token.AccessToken)
	fmt.Println(err)
	// Output:
	// true 2 <nil>
	// <nil>
	// oauth: validate: invalid access token (status 401)
}

// A refresh token gives the next pair.
func ExampleClient_Refresh() {
	c, tw, done := example()
	defer done()

	_, refresh := tw.UserTokens("ada", oauth.ScopeChatRead)
	token, err := c.Refresh(context.Background(), oauth.Secret(refresh))
	fmt.Println(token.Scopes, err)
	// Output: chat:read <nil>
}

// The implicit flow gives the token in the address; a person copies it from the
// browser, which shows a page that cannot be reached.
func ExampleParseFragment() {
	c := oauth.Client{ClientID: "client"}
	state := oauth.NewState()
	address := c.AuthorizeURL(oauth.Authorization{Implicit: true, RedirectURI: "https://localhost", State: state})
	asked, _ := url.Parse(address)
	fmt.Println(asked.Query().Get("response_type"))

	pasted := "https://localhost/#access_token=73d0f8mkabpbmjp921asv2jaidwxn&scope=chat%3Aread&token_type=bearer&state=" + state
	token, err := oauth.ParseFragment(pasted, state)
	fmt.Println(token.AccessToken, token.Scopes, err)
	// Output:
	// token
	// tok…dwxn chat:read <nil>
}
