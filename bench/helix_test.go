package bench_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	nicklaw5 "github.com/nicklaw5/helix/v2"

	"github.com/larkspur-dev/larkspur/helix"
)

// fakeTwitch answers Get Users with one user and Get Streams with a hundred streams,
// with the headers of a bucket that is never empty.
func fakeTwitch(b *testing.B) *httptest.Server {
	b.Helper()
	stream := `{"id":"40952121085","user_id":"101051819","user_login":"afro","user_name":"Afro","game_id":"32982","game_name":"Grand Theft Auto V",` +
		`"type":"live","title":"Jacob: Digital Den Laptops & Routers | NoPixel | !MAINGEAR !FCF","tags":["English","Roleplay","Challenge"],"viewer_count":1490,` +
		`"started_at":"2021-03-10T03:18:11Z","language":"en","thumbnail_url":"https://static-cdn.jtvnw.net/previews-ttv/live_user_afro-{width}x{height}.jpg",` +
		`"tag_ids":[],"is_mature":false}`
	streams := `{"data":[` + strings.Repeat(stream+",", 99) + stream + `],"pagination":{"cursor":"eyJiIjp7IkN1cnNvciI6ImV5SnpJam8zT0RNMk5T"}}`
	users := `{"data":[{"id":"141981764","login":"twitchdev","display_name":"TwitchDev","type":"","broadcaster_type":"partner",` +
		`"description":"Supporting third-party developers building Twitch integrations.","profile_image_url":"https://static-cdn.jtvnw.net/u/1.png",` +
		`"offline_image_url":"https://static-cdn.jtvnw.net/u/2.png","view_count":5980557,"created_at":"2016-12-14T20:32:28Z"}]}`
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Ratelimit-Limit", "1000000000")
		h.Set("Ratelimit-Remaining", "1000000000")
		h.Set("Ratelimit-Reset", strconv.FormatInt(time.Now().Unix()+1, 10))
		body := users
		if r.URL.Path == "/streams" {
			body = streams
		}
		_, _ = io.WriteString(w, body)
	}))
	b.Cleanup(srv.Close)
	return srv
}

// An exchange is the same call through package helix, written by hand, and through
// the client that most Go programs use.
type exchange struct {
	name               string
	ours, theirs, peer func(ctx context.Context) error
	figure, peerFigure string // names in the table, if any
}

func exchanges(b *testing.B, inFlight int) []exchange {
	b.Helper()
	srv := fakeTwitch(b)
	client := &http.Client{Transport: &http.Transport{MaxIdleConns: 100, MaxIdleConnsPerHost: 100}, Timeout: 15 * time.Second}
	b.Cleanup(client.CloseIdleConnections)
	tw := helix.New("client", helix.StaticToken("", "token"), helix.Options{HTTPClient: client, BaseURL: srv.URL, MaxInFlight: inFlight})
	peer, err := nicklaw5.NewClient(&nicklaw5.Options{ClientID: "client", UserAccessToken: "token", HTTPClient: client, APIBaseURL: srv.URL})
	if err != nil {
		b.Fatal(err)
	}
	return []exchange{
		{name: "GetUsers", figure: "helix-users", ours: func(ctx context.Context) error {
			users, err := tw.Users.Get(ctx, helix.GetUsersParams{Logins: []string{"twitchdev"}})
			return want(len(users), 1, err)
		}, theirs: func(ctx context.Context) error {
			var out struct{ Data []helix.User }
			err := plain(ctx, client, srv.URL+"/users?"+url.Values{"login": {"twitchdev"}}.Encode(), &out)
			return want(len(out.Data), 1, err)
		}, peer: func(context.Context) error {
			res, err := peer.GetUsers(&nicklaw5.UsersParams{Logins: []string{"twitchdev"}})
			if err != nil {
				return err
			}
			return want(len(res.Data.Users), 1, nil)
		}},
		{name: "GetStreams", figure: "helix-streams", peerFigure: "helix-peer", ours: func(ctx context.Context) error {
			page, err := tw.Streams.Get(ctx, helix.GetStreamsParams{First: 100})
			if err != nil {
				return err
			}
			return want(len(page.Items), 100, nil)
		}, theirs: func(ctx context.Context) error {
			var out struct {
				Data       []helix.Stream
				Pagination struct{ Cursor string }
			}
			err := plain(ctx, client, srv.URL+"/streams?"+url.Values{"first": {"100"}}.Encode(), &out)
			return want(len(out.Data), 100, err)
		}, peer: func(context.Context) error {
			res, err := peer.GetStreams(&nicklaw5.StreamsParams{First: 100})
			if err != nil {
				return err
			}
			return want(len(res.Data.Streams), 100, nil)
		}},
	}
}

func want(got, want int, err error) error {
	if err == nil && got != want {
		err = fmt.Errorf("got %d items, want %d", got, want)
	}
	return err
}

// plain is the exchange written by hand with net/http and encoding/json.
func plain(ctx context.Context, client *http.Client, address string, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Client-Id", "client")
	req.Header.Set("Authorization", "Bearer token")
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("got status %s", res.Status)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, out)
}

// BenchmarkHelix makes the same calls in all ways in turn, over warm connections,
// and reports how long ours take as part of the others', and what each allocates
// (with the server's share, which is the same).
func BenchmarkHelix(b *testing.B) {
	for _, x := range exchanges(b, 0) {
		b.Run(x.name, func(b *testing.B) {
			ctx := b.Context()
			calls := []func(context.Context) error{x.ours, x.theirs, x.peer}
			names := []string{"helix", "plain", "nicklaw5"}
			times := make([][]time.Duration, len(calls))
			timed := func(i int) time.Duration {
				start := time.Now()
				if err := calls[i](ctx); err != nil {
					b.Fatal(err)
				}
				return time.Since(start)
			}
			for n := 0; b.Loop(); n++ {
				for i := range calls {
					i = (i + n) % len(calls) // rotate the order, so that no client always finds the caches warm
					times[i] = append(times[i], timed(i))
				}
			}
			b.ReportMetric(0, "ns/op")
			for i, name := range names {
				b.ReportMetric(median(times[i])*1e9, name+"-ns")
				b.ReportMetric(testing.AllocsPerRun(200, func() { timed(i) }), name+"-allocs")
			}
			b.ReportMetric(median(times[0])/median(times[1]), "ratio")
			b.ReportMetric(median(times[0])/median(times[2]), "ratio-nicklaw5")
			record(b, x.figure, median(times[0])/median(times[1]))
			if x.peerFigure != "" {
				record(b, x.peerFigure, median(times[0])/median(times[2]))
			}
		})
	}
}

// BenchmarkHelixParallel makes calls from 64 goroutines at the same time by one way
// and then by the other, in turns, and reports the ratio of the times.
func BenchmarkHelixParallel(b *testing.B) {
	const goroutines, each = 64, 8
	for _, x := range exchanges(b, goroutines) {
		b.Run(x.name, func(b *testing.B) {
			all := func(call func(context.Context) error) time.Duration {
				start := time.Now()
				var wg sync.WaitGroup
				for range goroutines {
					wg.Go(func() {
						for range each {
							if err := call(b.Context()); err != nil {
								b.Error(err)
							}
						}
					})
				}
				wg.Wait()
				return time.Since(start)
			}
			all(x.ours) // connections and buffers
			all(x.theirs)
			var ours, theirs []time.Duration
			for b.Loop() {
				ours = append(ours, all(x.ours))
				theirs = append(theirs, all(x.theirs))
			}
			b.ReportMetric(median(ours)/median(theirs), "ratio")
			b.ReportMetric(goroutines*each/median(ours), "helix-calls/s")
			b.ReportMetric(goroutines*each/median(theirs), "plain-calls/s")
		})
	}
}
