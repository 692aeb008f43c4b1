package helix

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOne(t *testing.T) {
	for name, tc := range map[string]struct {
		body string
		want error
	}{
		"a list of one":  {`{"data":[{"id":"1"}]}`, nil},
		"without a list": {`{"data":{"id":"1"}}`, nil},
		"an empty list":  {`{"data":[]}`, ErrNotFound},
		"null":           {`{"data":null}`, ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			tw, _ := replying(StaticToken("", "t"), Options{}, reply{status: 200, body: tc.body})
			got, err := one[thing](t.Context(), tw, getThings, nil)
			if !errors.Is(err, tc.want) {
				t.Fatalf("got %v, want %v", err, tc.want)
			}
			if tc.want == nil && got.ID != "1" {
				t.Errorf("got %+v, want id 1", got)
			}
			if tc.want != nil && err.Error() != "helix: Get Things: nothing found" {
				t.Errorf("got %q", err)
			}
		})
	}
}

// Some of Twitch's servers write an empty list as null.
func TestEmptyList(t *testing.T) {
	for _, body := range []string{`{"data":[]}`, `{"data":null}`} {
		tw, _ := replying(StaticToken("", "t"), Options{}, reply{status: 200, body: body})
		if got, err := list[thing](t.Context(), tw, getThings, nil); err != nil || len(got) != 0 {
			t.Errorf("%s: got %v, %v, want an empty list", body, got, err)
		}
	}
}

func TestPageCursor(t *testing.T) {
	for pagination, want := range map[string]string{
		`{"cursor":"abc"}`: "abc", `{}`: "", `null`: "", `"abc"`: "abc", `""`: "",
	} {
		tw, _ := replying(StaticToken("", "t"), Options{}, reply{status: 200, body: `{"data":[{"id":"1"}],"pagination":` + pagination + `}`})
		got, err := page[thing](t.Context(), tw, getThings, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&Page[thing]{Items: []thing{{"1"}}, Cursor: want}, got); diff != "" {
			t.Errorf("%s: %s", pagination, diff)
		}
	}
}

func TestWhole(t *testing.T) {
	type thingsPage struct {
		Page[thing]
		Total int `json:"total"`
	}
	body := `{"data":[{"id":"1"}],"pagination":{"cursor":"abc"},"total":8}`
	tw, _ := replying(StaticToken("", "t"), Options{}, reply{status: 200, body: body})
	got, err := whole[thingsPage](t.Context(), tw, getThings, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&thingsPage{Page[thing]{[]thing{{"1"}}, "abc"}, 8}, got); diff != "" {
		t.Error(diff)
	}
	type total struct {
		Total int `json:"total"`
	}
	plain, err := whole[total](t.Context(), tw, getThings, nil)
	if err != nil || plain.Total != 8 {
		t.Errorf("got %+v, %v, want 8", plain, err)
	}
	tw, _ = replying(StaticToken("", "t"), Options{}, reply{status: 200, body: `{"data":`})
	if got, err := whole[thingsPage](t.Context(), tw, getThings, nil); err == nil || got != nil {
		t.Errorf("got %+v, %v, want an error", got, err)
	}
}

func TestText(t *testing.T) {
	tw, _ := replying(StaticToken("", "t"), Options{}, reply{status: 200, body: "BEGIN:VCALENDAR"})
	if got, err := text(t.Context(), tw, getThings, nil); err != nil || got != "BEGIN:VCALENDAR" {
		t.Errorf("got %q, %v", got, err)
	}
}

func pageOf(cursor string, ids ...string) reply {
	var p struct {
		Data       []thing           `json:"data"`
		Pagination map[string]string `json:"pagination"`
	}
	for _, id := range ids {
		p.Data = append(p.Data, thing{id})
	}
	if cursor != "" {
		p.Pagination = map[string]string{"cursor": cursor}
	}
	b, _ := json.Marshal(p)
	return reply{status: 200, body: string(b)}
}

func TestAll(t *testing.T) {
	tw, a := replying(StaticToken("", "t"), Options{},
		pageOf("one", "1", "2"), pageOf("two"), pageOf("", "3"))
	in := getThingsParams{IDs: []string{"7"}}
	var got []string
	for item, err := range all[thing](t.Context(), tw, getThings, in) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, item.ID)
	}
	if diff := cmp.Diff([]string{"1", "2", "3"}, got); diff != "" {
		t.Error(diff)
	}
	var urls []string
	for _, r := range a.requests {
		urls = append(urls, r.URL.RawQuery)
	}
	if diff := cmp.Diff([]string{"id=7", "id=7&after=one", "id=7&after=two"}, urls); diff != "" {
		t.Error(diff)
	}
	if in.After != "" {
		t.Errorf("the caller's params were changed: got %q", in.After)
	}
}

func TestAllIsLazyAndRepeatable(t *testing.T) {
	tw, a := replying(StaticToken("", "t"), Options{}, pageOf("one", "1", "2"))
	seq := all[thing](t.Context(), tw, getThings, getThingsParams{})
	if len(a.requests) != 0 {
		t.Errorf("before the loop: got %d requests, want 0", len(a.requests))
	}
	for range 2 {
		for range seq {
			break
		}
	}
	if len(a.requests) != 2 || a.requests[1].URL.RawQuery != "" {
		t.Errorf("got %d requests, the last for %q; want 2, each for the first page", len(a.requests), a.requests[1].URL.RawQuery)
	}
}

func TestAllStopsAtAnError(t *testing.T) {
	tw, a := replying(StaticToken("", "t"), Options{}, pageOf("one", "1"), reply{status: 404})
	var got []string
	var last error
	for item, err := range all[thing](t.Context(), tw, getThings, getThingsParams{}) {
		got, last = append(got, item.ID), err
	}
	if !errors.Is(last, ErrNotFound) || len(got) != 2 || len(a.requests) != 2 {
		t.Errorf("got %q, %v after %d requests; want one item and one error", got, last, len(a.requests))
	}
}

// A server that gives the same cursor again would be walked for ever.
func TestAllEndsWhenCursorsRepeat(t *testing.T) {
	tw, _ := replying(StaticToken("", "t"), Options{}, pageOf("one", "1"))
	n := 0
	var last error
	for _, err := range all[thing](t.Context(), tw, getThings, getThingsParams{}) {
		n, last = n+1, err
	}
	if !errors.Is(last, errLoop) || n != 3 {
		t.Errorf("got %v after %d, want %v after 3", last, n, errLoop)
	}
}

// Whatever a server answers, there is a result or an error, and no panic.
func FuzzAnswer(f *testing.F) {
	for _, body := range []string{
		`{"data":[{"id":"1"}],"pagination":{"cursor":"abc"},"total":8}`,
		`{"data":null,"pagination":null}`, `{"data":{"id":"1"}}`, `{"pagination":"x"}`,
		"", "<html>", `{"data":[`, `[]`, `{"error":"Bad Request","status":400,"message":"wrong"}`,
	} {
		f.Add(200, []byte(body))
		f.Add(400, []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 499 || status == 429 {
			t.Skip()
		}
		tw, _ := replying(StaticToken("", "t"), Options{MaxAttempts: 1}, reply{status: status, body: string(body)})
		if got, err := one[thing](t.Context(), tw, getThings, nil); (got == nil) != (err != nil) {
			t.Errorf("one: got %v, %v", got, err)
		}
		if got, err := page[thing](t.Context(), tw, getThings, nil); (got == nil) != (err != nil) {
			t.Errorf("page: got %v, %v", got, err)
		}
		if got, err := list[thing](t.Context(), tw, getThings, nil); got != nil && err != nil {
			t.Errorf("list: got %v, %v", got, err)
		}
		type total struct {
			Page[thing]
			Total Int `json:"total"`
		}
		if got, err := whole[total](t.Context(), tw, getThings, nil); (got == nil) != (err != nil) {
			t.Errorf("whole: got %v, %v", got, err)
		} else if err != nil && len(err.Error()) > 4096 {
			t.Errorf("whole: got an error of %d bytes", len(err.Error()))
		}
	})
}
