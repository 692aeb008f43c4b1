package push

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// train is what all events about a hype train have.
type train struct {
	ID string `json:"id"`
	broadcaster
	Total        int            `json:"total"`
	Level        int            `json:"level"`
	Top          []contribution `json:"top_contributions"`
	Participants []broadcaster  `json:"shared_train_participants"`
	StartedAt    time.Time      `json:"started_at"`
	Type         string         `json:"type"`
	Shared       bool           `json:"is_shared_train"`
}

type contribution struct {
	user
	Type  string `json:"type"`
	Total int    `json:"total"`
}

func trainOf(b broadcaster, t world.HypeTrain) train {
	head := train{
		ID: t.ID, broadcaster: b, Total: t.Total, Level: t.Level, Top: []contribution{}, StartedAt: t.StartedAt, Type: "regular",
	}
	for _, one := range t.Top {
		head.Top = append(head.Top, contribution{asUser(one.User), one.Kind, one.Total})
	}
	return head
}

func trainBegan(b broadcaster, f *world.HypeTrainBegan) event {
	return inChannel("channel.hype_train.begin", "2", b, func() any {
		return struct {
			train
			Progress    int       `json:"progress"`
			Goal        int       `json:"goal"`
			RecordLevel int       `json:"all_time_high_level"`
			RecordTotal int       `json:"all_time_high_total"`
			ExpiresAt   time.Time `json:"expires_at"`
		}{trainOf(b, f.Train), f.Train.Progress, f.Train.Goal, f.Train.Record.Level, f.Train.Record.Total, f.Train.ExpiresAt}
	})
}

func trainProgressed(b broadcaster, f *world.HypeTrainProgressed) event {
	return inChannel("channel.hype_train.progress", "2", b, func() any {
		return struct {
			train
			Progress  int       `json:"progress"`
			Goal      int       `json:"goal"`
			ExpiresAt time.Time `json:"expires_at"`
		}{trainOf(b, f.Train), f.Train.Progress, f.Train.Goal, f.Train.ExpiresAt}
	})
}

func trainEnded(b broadcaster, f *world.HypeTrainEnded) event {
	return inChannel("channel.hype_train.end", "2", b, func() any {
		return struct {
			train
			EndedAt       time.Time `json:"ended_at"`
			CooldownUntil time.Time `json:"cooldown_ends_at"`
		}{trainOf(b, f.Train), f.Train.EndedAt, f.Train.CooldownUntil}
	})
}
