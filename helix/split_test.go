package helix

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func numbers(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = strconv.Itoa(i + 1)
	}
	return out
}

// mirror answers with the ids and logins that it was asked for, slower for early
// ones, and refuses one of them.
func mirror(t *testing.T, refuse string) *Client {
	t.Helper()
	tw := newClient(t, StaticToken("7", "t"), func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		ids := slices.Concat(q["id"], q["login"], q["user_id"], q["broadcaster_id"])
		if slices.Contains(ids, "1") {
			time.Sleep(5 * time.Millisecond)
		}
		if refuse != "" && slices.Contains(ids, refuse) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var data []string
		for _, id := range ids {
			if r.URL.Path == "/videos" && r.Method == http.MethodDelete {
				data = append(data, strconv.Quote(id))
			} else {
				data = append(data, fmt.Sprintf(`{"id":%q,"user_id":%q}`, id, id))
			}
		}
		fmt.Fprintf(w, `{"data":[%s],"total":5}`, strings.Join(data, ","))
	})
	return tw
}

func TestLongListsAreFetchedInParts(t *testing.T) {
	tw := mirror(t, "")
	users, err := tw.Users.Get(t.Context(), GetUsersParams{IDs: numbers(230), Logins: []string{"a", "b"}})
	var got []string
	for _, u := range users {
		got = append(got, u.ID)
	}
	if want := append(numbers(230), "a", "b"); err != nil || !slices.Equal(got, want) {
		t.Errorf("users: got %v, %v, want %v", got, err, want)
	}
	page, err := tw.Streams.Get(t.Context(), GetStreamsParams{UserIDs: numbers(101)})
	if err != nil || len(page.Items) != 101 || page.Items[100].UserID != "101" || page.Cursor != "" {
		t.Errorf("streams: got %+v, %v, want 101", page, err)
	}
	n := 0
	for s, err := range tw.Streams.All(t.Context(), GetStreamsParams{UserIDs: numbers(350)}) {
		if n++; err != nil || s.UserID != strconv.Itoa(n) {
			t.Fatalf("all streams: got %v, %v, want %d", s.UserID, err, n)
		}
	}
	if n != 350 {
		t.Errorf("all streams: got %d, want 350", n)
	}
	subs, err := tw.Subscriptions.Get(t.Context(), GetBroadcasterSubscriptionsParams{BroadcasterID: "7", UserIDs: numbers(201)})
	if err != nil || len(subs.Items) != 204 || subs.Total != 5 { // the mirror repeats the broadcaster
		t.Errorf("subscriptions: got %v, %v, want 204", subs, err)
	}
}

// What changes something goes in order and tells how far it got.
func TestDeleteVideosInFives(t *testing.T) {
	tw := mirror(t, "12")
	got, err := tw.Videos.Delete(t.Context(), DeleteVideosParams{IDs: numbers(17)})
	if e, ok := errors.AsType[*Error](err); !ok || e.Status != 400 || !slices.Equal(got, numbers(10)) {
		t.Errorf("got %v, %v, want the first ten and an error", got, err)
	}
	got, err = tw.Videos.Delete(t.Context(), DeleteVideosParams{IDs: numbers(11)})
	if err != nil || !slices.Equal(got, numbers(11)) {
		t.Errorf("got %v, %v, want eleven", got, err)
	}
}

func TestOnePartFails(t *testing.T) {
	tw := mirror(t, "555")
	users, err := tw.Users.Get(t.Context(), GetUsersParams{IDs: numbers(1000)})
	if e, ok := errors.AsType[*Error](err); !ok || e.Status != 400 || users != nil {
		t.Errorf("got %d users, %v, want none and an error", len(users), err)
	}
}

func TestListsThatCannotBeSplit(t *testing.T) {
	tw, a := replying(StaticToken("7", "t"), Options{}, reply{status: 200, body: things()})
	for want, do := range map[string]func() error{
		"user_id have more than 100 values, which is not allowed together with game_id": func() error {
			_, err := tw.Streams.Get(t.Context(), GetStreamsParams{UserIDs: numbers(101), GameIDs: []string{"1"}})
			return err
		},
		"user_id have more than 100 values, which is not allowed together with after": func() error {
			_, err := tw.Moderation.GetBannedUsers(t.Context(), GetBannedUsersParams{BroadcasterID: "7", UserIDs: numbers(101), After: "x"})
			return err
		},
		"id has 101 values, at most 100 are allowed": func() error {
			_, err := tw.Schedule.Get(t.Context(), GetChannelStreamScheduleParams{BroadcasterID: "7", IDs: numbers(101)})
			return err
		},
	} {
		err := do()
		if _, ok := errors.AsType[*ParamError](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if len(a.requests) != 0 {
		t.Errorf("got %d requests, want none", len(a.requests))
	}
}

// Every list that the table calls splittable is, whatever the method returns.
func TestEverySplittableListIsSplit(t *testing.T) {
	all, s := everyMethod(t)
	for _, m := range all {
		for _, q := range m.endpoint.Query {
			if !q.Split {
				continue
			}
			params := m.least()
			for _, f := range makePlan(m.params).query {
				v := params.FieldByIndex(f.index)
				switch {
				case f.name == q.Name:
					v.Set(reflect.ValueOf(numbers(2*q.MaxItems + 1)).Convert(v.Type()))
				case v.Kind() == reflect.Slice || !slices.ContainsFunc(m.endpoint.Query, func(p Param) bool { return p.Name == f.name && p.Required }):
					v.SetZero() // what least had filled in for "one of"
				}
			}
			s.request = nil
			if _, err := m.do(t, params); err != nil && !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: %s: got %v", m.name, q.Name, err)
			}
			if s.request == nil {
				t.Errorf("%s: %s: got no request", m.name, q.Name)
			}
		}
	}
}

func TestMax(t *testing.T) {
	for max, want := range map[int]int{-1: 0, 0: 0, 1: 1, 3: 3, 4: 4, 9: 4} {
		tw, a := replying(StaticToken("", "t"), Options{},
			reply{status: 200, body: `{"data":[{"id":"1"},{"id":"2"}],"pagination":{"cursor":"c"}}`}, reply{status: 200, body: things("3", "4")})
		n := 0
		for _, err := range Max(tw.Streams.All(t.Context(), GetStreamsParams{}), max) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != want {
			t.Errorf("%d: got %d items, want %d", max, n, want)
		}
		if pages := (want + 1) / 2; len(a.requests) != pages {
			t.Errorf("%d: got %d requests, want %d", max, len(a.requests), pages)
		}
	}
}

// Lists are walked in pages as large as they can be.
func TestAllAsksForLargePages(t *testing.T) {
	tw, a := replying(StaticToken("7", "t"), Options{}, reply{status: 200, body: things()})
	for range tw.Streams.All(t.Context(), GetStreamsParams{}) {
		t.Error("got a stream")
	}
	for range tw.Streams.All(t.Context(), GetStreamsParams{First: 7}) {
		t.Error("got a stream")
	}
	for range tw.Videos.All(t.Context(), GetVideosParams{IDs: []string{"1"}}) { // no pages of videos by id
		t.Error("got a video")
	}
	for i, want := range []string{"first=100", "first=7", "id=1"} {
		if got := a.requests[i].URL.RawQuery; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func ExampleMax() {
	twitch := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"data":[{"user_login":"ada"},{"user_login":"grace"},{"user_login":"hedy"}],"pagination":{"cursor":"next"}}`)
	}))
	defer twitch.Close()
	tw := New("my-client-id", StaticToken("", "my-token"), Options{BaseURL: twitch.URL, HTTPClient: twitch.Client()})

	for stream, err := range Max(tw.Streams.All(context.Background(), GetStreamsParams{First: 3}), 2) {
		fmt.Println(stream.UserLogin, err)
	}
	// Output:
	// ada <nil>
	// grace <nil>
}
