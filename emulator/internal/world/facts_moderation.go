package world

import "time"

// TermsChanged is the fact that blocked terms of a channel were added or removed.
type TermsChanged struct {
	About
	Moderator User
	Added     bool // else removed
	Terms     []string
}

// AutoModChanged is the fact of new settings of AutoMod.
type AutoModChanged struct {
	About
	Settings  AutoModSettings
	Moderator User
}

// MessageHeld is the fact of a message that waits for a moderator.
type MessageHeld struct {
	About
	Held HeldMessage
}

// HeldMessageResolved is the fact that a held message was approved, denied or expired. A [Chat] follows if
// it was approved.
type HeldMessageResolved struct {
	About
	Held      HeldMessage
	Moderator User   // zero when expired
	Status    string // "approved", "denied", "expired"
}

// UserWarned is the fact that a moderator warned a user.
type UserWarned struct {
	About
	User, Moderator User
	Reason          string
}

// WarningAcknowledged is the fact that a user has seen a warning and may write again.
type WarningAcknowledged struct {
	About
	User User
}

// SuspicionChanged is the fact that the low-trust status of a user changed.
type SuspicionChanged struct {
	About
	User, Moderator User
	Status          Suspicion
}

// SuspiciousMessage is the fact that a suspicious user wrote a message. A [Chat]
// comes before, unless the user is restricted.
type SuspiciousMessage struct {
	About
	Message ChatMessage
	Status  Suspicion
}

// ShieldModeChanged is the fact that shield mode was turned on or off.
type ShieldModeChanged struct {
	About
	Moderator User
	Active    bool
}

// UnbanRequested is the fact that a banned user asked to be unbanned.
type UnbanRequested struct {
	About
	Request UnbanRequest
}

// UnbanRequestResolved is the fact that a request was approved, denied or cancelled. A [UserUnbanned] follows
// if it was approved.
type UnbanRequestResolved struct {
	About
	Request UnbanRequest
}

// PollChanged is the fact that a poll began, progressed or ended, as its status says.
type PollChanged struct {
	About
	Poll  Poll
	Began bool
}

// PredictionChanged is the fact that a prediction began, progressed, was locked or ended.
type PredictionChanged struct {
	About
	Prediction Prediction
	Phase      Phase
}

// A Phase is what happened to a prediction.
type Phase string

// What happens to a prediction.
const (
	Begins     Phase = "begin"
	Progresses Phase = "progress"
	Locks      Phase = "lock"
	Ends       Phase = "end"
)

// A ShieldMode protects a channel against a raid of bots.
type ShieldMode struct {
	Active      bool
	Moderator   User      // who turned it on last; zero if it was never on
	ActivatedAt time.Time // the last time
}
