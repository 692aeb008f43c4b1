package eventsub

import (
	"encoding/json"
	"testing"
)

func TestTypeAsText(t *testing.T) {
	in := Gap{Lost: []Type{{"channel.raid", "1"}, {"channel.guest_star_session.begin", "beta"}}}
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var out Gap
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Lost) != 2 || out.Lost[0] != in.Lost[0] || out.Lost[1] != in.Lost[1] {
		t.Errorf("got %v, want %v", out.Lost, in.Lost)
	}
	for _, bad := range []string{"", "channel.raid", " v1", "channel.raid v"} {
		if err := new(Type).UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q: got no error", bad)
		}
	}
}
