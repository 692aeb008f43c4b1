package store

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// fill gives every field that v has a value that no other has.
func fill(v reflect.Value, serial *int) {
	*serial++
	switch v.Kind() {
	case reflect.String:
		v.SetString("text " + strconv.Itoa(*serial))
	case reflect.Int:
		v.SetInt(int64(*serial))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"b": strconv.Itoa(*serial), "a": "x", "c": ""}))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, *serial, time.FixedZone("", 3600))))
			return
		}
		for _, field := range v.Fields() {
			fill(field, serial)
		}
	default:
		panic("no value for " + v.Type().String())
	}
}

// byReflection is what encoding/json writes for the meta of n.
func byReflection(n eventsub.Notification) ([]byte, error) {
	return json.Marshal(storedMeta{
		ID: n.Meta.MessageID, Type: n.Type.Name, Version: n.Type.Version, At: n.Meta.Timestamp, Retry: n.Meta.Retry,
		Late: n.Meta.Late, Recovered: n.Meta.Recovered, Source: n.Meta.Source, Subscription: n.Meta.Subscription,
	})
}

// A field that is added to a Subscription has to be written too.
func TestMetaIsWrittenAsByEncodingJSON(t *testing.T) {
	var full, tooLate eventsub.Notification
	serial := 0
	fill(reflect.ValueOf(&full.Type).Elem(), &serial)
	fill(reflect.ValueOf(&full.Meta.Subscription).Elem(), &serial)
	full.Meta.MessageID, full.Meta.Timestamp, full.Meta.Retry, full.Meta.Source = "id", time.Unix(1, 2).UTC(), math.MaxInt, "helix"
	full.Meta.Late, full.Meta.Recovered = true, true
	tooLate.Meta.Timestamp = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	odd := full
	odd.Meta.MessageID = "\"\\\n\x00\xff\u2028<&>é"
	odd.Meta.Subscription.Condition = map[string]string{}
	for name, n := range map[string]eventsub.Notification{"empty": {}, "full": full, "odd": odd, "year 10000": tooLate} {
		want, wantErr := byReflection(n)
		got, err := appendMeta(nil, n)
		if string(got) != string(want) || (err == nil) != (wantErr == nil) {
			t.Errorf("%s:\ngot  %s, %v\nwant %s, %v", name, got, err, want, wantErr)
		}
	}
}

func FuzzMeta(f *testing.F) {
	f.Add("id", "\xff\n", "broadcaster_user_id", int64(1), 2)
	f.Fuzz(func(t *testing.T, id, source, field string, at int64, retry int) {
		var n eventsub.Notification
		n.Meta.MessageID, n.Meta.Source, n.Meta.Retry = id, source, retry
		n.Meta.Timestamp = time.Unix(at, at%1000).UTC()
		n.Meta.Subscription.Condition = map[string]string{field: id, id: field}
		want, wantErr := byReflection(n)
		got, err := appendMeta(nil, n)
		if string(got) != string(want) || (err == nil) != (wantErr == nil) {
			t.Errorf("got %s, %v\nwant %s, %v", got, err, want, wantErr)
		}
	})
}
