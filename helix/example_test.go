package helix_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/larkspur-dev/larkspur/helix"
)

// An endpoint that the package does not know yet can be called like any other.
func ExampleClient_Do() {
	twitch := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Ratelimit-Limit", "800")
		w.Header().Set("Ratelimit-Remaining", "799")
		fmt.Fprintf(w, `{"data":[{"mood":"cheerful","of":%q}]}`, r.URL.Query().Get("user_id"))
	}))
	defer twitch.Close()

	tw := helix.New("my-client-id", helix.StaticToken("7", "my-token"), helix.Options{
		BaseURL: twitch.URL, HTTPClient: twitch.Client(),
	})

	getMoods := &helix.Endpoint{
		ID: "get-moods", Name: "Get Moods", Method: http.MethodGet, Path: "/moods",
		Query:  []helix.Param{{Name: "user_id", Type: helix.String, Required: true}},
		Tokens: helix.UserToken,
	}
	type params struct {
		UserID string `url:"user_id"`
	}
	var moods struct {
		Data []struct{ Mood, Of string }
	}
	call := &helix.Call{Endpoint: getMoods, Params: params{UserID: "7"}, Out: &moods}
	err := tw.Do(context.Background(), call)
	fmt.Println(moods.Data, call.RateLimit.Remaining, err)

	err = tw.Do(context.Background(), &helix.Call{Endpoint: getMoods, Params: params{}})
	_, wrong := errors.AsType[*helix.ParamError](err)
	fmt.Println(err, wrong)
	// Output:
	// [{cheerful 7}] 799 <nil>
	// helix: Get Moods: user_id is required true
}

// A middleware sees every call, here to count what they cost.
func ExampleMiddleware() {
	twitch := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}))
	defer twitch.Close()

	count := func(next helix.Handler) helix.Handler {
		return func(ctx context.Context, c *helix.Call) error {
			err := next(ctx, c)
			fmt.Println(c.Endpoint.Name, c.Status, c.Attempts, err)
			return err
		}
	}
	tw := helix.New("my-client-id", helix.StaticToken("7", "my-token"), helix.Options{
		BaseURL: twitch.URL, HTTPClient: twitch.Client(), Middleware: []helix.Middleware{count},
	})

	endSong := &helix.Endpoint{Name: "End Song", Method: http.MethodDelete, Path: "/songs", Tokens: helix.UserToken}
	_ = tw.Do(context.Background(), &helix.Call{Endpoint: endSong})
	// Output: End Song 204 1 <nil>
}
