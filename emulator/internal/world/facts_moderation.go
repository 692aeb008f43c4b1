package world

import "time"

// TermsChanged tells of terms that a channel blocks now, or does not any more.
type TermsChanged struct {
	About
	Moderator User
	Added     bool // else removed
	Terms     []string
}

// AutoModChanged tells of new settings of AutoMod.
type AutoModChanged struct {
	About
	Settings  AutoModSettings
	Moderator User
}

// MessageHeld tells of a message that waits for a moderator.
type MessageHeld struct {
	About
	Held HeldMessage
}

// HeldMessageResolved tells what became of a held message. A [Chat] follows if
// it was approved.
type HeldMessageResolved struct {
	About
	Held      HeldMessage
	Moderator User   // zero when expired
	Status    string // "approved", "denied", "expired"
}

// UserWarned tells that a moderator warned a user.
type UserWarned struct {
	About
	User, Moderator User
	Reason          string
}

// WarningAcknowledged tells that a user has seen a warning and may write again.
type WarningAcknowledged struct {
	About
	User User
}

// SuspicionChanged tells that a user is watched, kept out of sight, or neither any more.
type SuspicionChanged struct {
	About
	User, Moderator User
	Status          Suspicion
}

// SuspiciousMessage tells moderators what a suspicious user wrote. A [Chat]
// comes before, unless the user is restricted.
type SuspiciousMessage struct {
	About
	Message ChatMessage
	Status  Suspicion
}

// ShieldModeChanged tells that shield mode was turned on or off.
type ShieldModeChanged struct {
	About
	Moderator User
	Active    bool
}

// UnbanRequested tells that somebody who is banned asks to be let in.
type UnbanRequested struct {
	About
	Request UnbanRequest
}

// UnbanRequestResolved tells what became of a request. A [UserUnbanned] follows
// if it was approved.
type UnbanRequestResolved struct {
	About
	Request UnbanRequest
}

// PollChanged tells that a poll began, went on or ended, as its status says.
type PollChanged struct {
	About
	Poll  Poll
	Began bool
}

// PredictionChanged tells that a prediction began, went on, was locked or ended.
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
	Moderator   User      // who turned it on last; zero: nobody ever
	ActivatedAt time.Time // the last time
}
