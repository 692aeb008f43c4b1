package wire

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type name string

type message struct {
	Text      string `json:"text"`
	Fragments []struct {
		Kind string `json:"type"`
	} `json:"fragments"`
}

// loose is a number with its own UnmarshalJSON.
type loose int

func (l *loose) UnmarshalJSON(raw []byte) error {
	n, err := json.Number(raw).Int64()
	*l = loose(n)
	return err
}

type sample struct {
	ID      string           `json:"id"`
	Name    name             `json:"name"`
	Count   int              `json:"count"`
	Small   int8             `json:"small"`
	Size    uint16           `json:"size"`
	Share   float64          `json:"share"`
	Live    bool             `json:"live"`
	At      time.Time        `json:"at"`
	Message message          `json:"message"`
	Cost    *int             `json:"cost"`
	Tags    []string         `json:"tags"`
	Amounts map[string]int   `json:"amounts"`
	Own     loose            `json:"own"`
	Raw     json.RawMessage  `json:"raw"`
	Any     any              `json:"any"`
	Hidden  string           `json:"-"`
	URL     string           // as encoding/json: by its own name, in any case
	Inner   []message        `json:"inner"`
	Deep    map[name]message `json:"deep"`
}

func TestOddValuesAreConverted(t *testing.T) {
	at := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	for _, tt := range []struct {
		raw  string
		want sample
	}{
		{`null`, sample{}},
		{` {} `, sample{}},
		{`{"id":12345,"name":7}`, sample{ID: "12345", Name: "7"}},
		{`{"id":true,"name":null}`, sample{ID: "true"}},
		{`{"id":"\u00e4\n\"","unknown":[{"a":"]}"}],"name":"x"}`, sample{ID: "ä\n\"", Name: "x"}},
		{`{"count":"30","small":"-5","size":"","share":"1.5"}`, sample{Count: 30, Small: -5, Share: 1.5}},
		{`{"count":30.0,"share":2}`, sample{Count: 30, Share: 2}},
		{`{"count":1e3}`, sample{Count: 1000}},
		{`{"live":"true"}`, sample{Live: true}},
		{`{"live":"True"}`, sample{Live: true}},
		{`{"live":1}`, sample{Live: true}},
		{`{"live":""}`, sample{}},
		{`{"at":"2026-02-03T04:05:06Z"}`, sample{At: at}},
		{`{"at":""}`, sample{}},
		{`{"at":null}`, sample{}},
		{`{"at":1770091506}`, sample{At: at}},
		{`{"at":0}`, sample{}},
		{`{"message":"hello","id":"1"}`, sample{ID: "1", Message: message{Text: "hello"}}},
		{`{"cost":null}`, sample{}},
		{`{"cost":"0"}`, sample{Cost: new(0)}},
		{`{"tags":["a",1,null]}`, sample{Tags: []string{"a", "1", ""}}},
		{`{"tags":[]}`, sample{Tags: []string{}}},
		{`{"amounts":{"a":"1","b":2}}`, sample{Amounts: map[string]int{"a": 1, "b": 2}}},
		{`{"own":3,"raw":{"a":[1, 2]},"any":[true]}`, sample{Own: 3, Raw: json.RawMessage(`{"a":[1, 2]}`), Any: []any{true}}},
		{`{"-":"x","Hidden":"x","url":"u","ID":"1"}`, sample{URL: "u", ID: "1"}},
		{`{"i\u0064":"1"}`, sample{ID: "1"}},
	} {
		var got sample
		unread, err := DecodeEvent([]byte(tt.raw), &got)
		if err != nil || unread != nil {
			t.Errorf("%s: unread %v, error %v", tt.raw, unread, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.raw, diff)
		}
	}
}

func TestUnreadableValuesAreReportedWithTheirPath(t *testing.T) {
	for _, tt := range []struct {
		raw  string
		want Unread
	}{
		{`{"count":"many","id":"1"}`, Unread{"count", "string", "number"}},
		{`{"count":1.5,"id":"1"}`, Unread{"count", "number", "number"}},
		{`{"count":99999999999999999999,"id":"1"}`, Unread{"count", "number", "number"}},
		{`{"small":300,"id":"1"}`, Unread{"small", "number", "number"}},
		{`{"size":-1,"id":"1"}`, Unread{"size", "number", "number"}},
		{`{"share":"NaN","id":"1"}`, Unread{"share", "string", "number"}},
		{`{"live":2,"id":"1"}`, Unread{"live", "number", "boolean"}},
		{`{"name":{},"id":"1"}`, Unread{"name", "object", "string"}},
		{`{"name":nonsense,"id":"1"}`, Unread{"name", "null", "string"}},
		{`{"name":"\q","id":"1"}`, Unread{"name", "string", "string"}},
		{`{"at":"yesterday","id":"1"}`, Unread{"at", "string", "time"}},
		{`{"at":true,"id":"1"}`, Unread{"at", "boolean", "time"}},
		{`{"message":5,"id":"1"}`, Unread{"message", "number", "object"}},
		{`{"message":{"fragments":[{},{"type":[]}]},"id":"1"}`, Unread{"message.fragments[1].type", "array", "string"}},
		{`{"tags":"a","id":"1"}`, Unread{"tags", "string", "array"}},
		{`{"tags":["a",{}],"id":"1"}`, Unread{"tags[1]", "object", "string"}},
		{`{"amounts":{"b":{}},"id":"1"}`, Unread{"amounts.b", "object", "number"}},
		{`{"own":"x","id":"1"}`, Unread{"own", "string", "wire.loose"}},
		{`{"deep":{"a":{"text":[]}},"id":"1"}`, Unread{"deep.a.text", "array", "string"}},
	} {
		var got sample
		unread, err := DecodeEvent([]byte(tt.raw), &got)
		if err != nil {
			t.Errorf("%s: got %v, want none", tt.raw, err)
			continue
		}
		if diff := cmp.Diff([]Unread{tt.want}, unread); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.raw, diff)
		}
		if got.ID != "1" {
			t.Errorf("%s: the field after it is lost", tt.raw)
		}
	}
}

func TestTextThatIsNotJSONIsRefused(t *testing.T) {
	for _, raw := range []string{
		``, `[]`, `"x"`, `5`, `{`, `{"id"`, `{"id":`, `{"id":"1`, `{"id":"1"`, `{"id":"1",`, `{"id":"1",}`, `{"id":"1"}}`,
		`{"id" "1"}`, `{id:1}`, `{"tags":["a"`, `{"tags":["a",`, `{"tags":["a" "b"]}`, `{"message":{"text":"a"`, `{"amounts":{"a":`,
	} {
		if _, err := DecodeEvent([]byte(raw), new(sample)); err == nil {
			t.Errorf("%s: got no error", raw)
		}
	}
}

// A struct that uses more of encoding/json than field names is decoded by it.
func TestUnusualStructsAreDecodedByEncodingJSON(t *testing.T) {
	type base struct {
		ID string `json:"id"`
	}
	var got struct {
		base
		Count int `json:"count,string"`
	}
	if _, err := DecodeEvent([]byte(`{"id":"1","count":"2"}`), &got); err != nil || got.Count != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := DecodeEvent([]byte(`{"count":{}}`), &got); err == nil {
		t.Error("got no error")
	}
}

// DecodeEvent gives the same result as encoding/json for all input that both accept.
func FuzzDecodeEvent(f *testing.F) {
	f.Add([]byte(`{"id":"1","name":"n","count":3,"small":4,"size":5,"share":1.5,"live":true,"at":"2026-01-02T03:04:05.678Z","message":{"text":"a","fragments":[{"type":"x"}]},"cost":7}`))
	f.Add([]byte(`{"tags":["a","b"],"amounts":{"a":1},"own":3,"raw":{"a":[]},"any":[1,{}],"url":"x","inner":[{},{"text":"\u00e4"}],"deep":{"a":{}}}`))
	f.Add([]byte(`{"id":5,"count":"x","message":"plain","tags":{},"at":""}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var got, want sample
		unread, err := DecodeEvent(raw, &got)
		if json.Unmarshal(raw, &want) != nil || oddKeys(raw) {
			return
		}
		if err != nil {
			t.Fatalf("%q: got %v, want none", raw, err)
		}
		for _, u := range unread {
			t.Errorf("%q: %+v was not read", raw, u)
		}
		if !reflect.DeepEqual(want, got) && !cmp.Equal(want, got) {
			t.Errorf("%q (-want +got):\n%s", raw, cmp.Diff(want, got))
		}
	})
}
