package eventsub

import (
	"testing"
	"time"
)

func TestGapAsASentence(t *testing.T) {
	from := time.Date(2026, 1, 2, 3, 4, 5, 600_000_000, time.UTC)
	follow, raid := ChannelFollow{}.Type(), ChannelRaid{}.Type()
	for _, tt := range []struct {
		gap  Gap
		want string
	}{
		{
			Gap{From: from, To: from.Add(time.Minute), Reason: "connection went silent", Lost: []Type{raid}},
			"events may have been missed from 03:04:06 to 03:05:06 (connection went silent); not fetched, or not all: channel.raid",
		},
		{
			Gap{From: from, To: from.Add(24 * time.Hour), Recovered: []Type{follow}, RecoveredCount: 3},
			"events may have been missed from 2026-01-02 03:04:06 to 2026-01-03 03:04:06; 3 fetched afterwards: channel.follow",
		},
		{
			Gap{From: from, To: from, Reason: "the queue was full", Dropped: 7, Lost: []Type{follow, raid}},
			"events may have been missed from 03:04:06 to 03:04:06 (the queue was full); 7 were dropped; not fetched, or not all: channel.follow, channel.raid",
		},
	} {
		if got := tt.gap.String(); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}
