package skill

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/skill/internal/action"
)

// A Class is the kind of a [Step]; it decides how urgent the step is. An [Executor] keeps
// the classes apart: moderation must not wait for replies or for another chat system.
type Class = action.Class

// The classes of steps, most urgent first.
const (
	ClassModeration = action.ClassModeration // ban, timeout; also a delete that a later ban or timeout of the skill waits for
	ClassDecision   = action.ClassDecision   // of a skill that can ban, time out or delete: runs its script, or looks up the channel for its condition
	ClassDelete     = action.ClassDelete     // delete
	ClassRedemption = action.ClassRedemption // all but moderation, delete and send, in a skill that a redemption triggered
	ClassReply      = action.ClassReply      // say, reply
	ClassScript     = action.ClassScript     // of any other skill: runs its script, or looks up the channel for its condition
	ClassChannel    = action.ClassChannel    // title, clip: may take seconds
	ClassRelay      = action.ClassRelay      // send: another chat system, which may hang
	ClassHTTP       = action.ClassHTTP       // http: a request to any server
	ClassInner      = action.ClassInner      // log, stop: done at once by the engine, never submitted
)

// Why a step was dropped.
var (
	ErrExpired = errors.New("expired while waiting")
	ErrCrowded = errors.New("too many actions were waiting")
)

// An Executor runs the steps that events trigger, in goroutines of its own.
type Executor interface {
	// Submit takes a step and returns at once. The executor calls [Step.Run] or
	// [Step.Drop] once for each step. It may call Drop before Submit returns; Run it
	// calls from another goroutine.
	//
	// Steps with the same class (and connector) should be run in the order in which
	// they were submitted; steps of the classes moderation, decision, delete and script
	// may also run side by side. Submit is called from the goroutines that hand events to the
	// engine and from within Run and Drop.
	Submit(s *Step)
}

// A Step is one action of one reaction to one event, ready to be carried out. The
// engine submits the next step of a reaction when the one before has ended.
type Step struct {
	Skill         string
	Trigger       string // what triggered the skill: "channel.follow", "!title", "/spam/"
	Action        string // "ban"; empty for a script or a condition that needs the channel
	Class         Class
	Connector     string    // of class relay: where the text goes
	BroadcasterID string    // the channel that the event is about; empty if it does not say
	Since         time.Time // when the event arrived
	Expires       time.Time // a step that has not started by then must be dropped; zero: it never expires

	timeout time.Duration
	do      func(ctx context.Context)
	dropped func(reason error)
	reason  error       // why it was dropped
	taken   atomic.Bool // set by the first call of Run or Drop
}

// Run runs the step and reports the outcome. It returns when the step has ended; the
// context of the host ends after [EngineOptions].Timeout. An expired step is dropped with
// [ErrExpired] instead. Run recovers panics of the host.
func (s *Step) Run(ctx context.Context) {
	if !s.Expires.IsZero() && time.Now().After(s.Expires) {
		s.Drop(ErrExpired)
		return
	}
	if !s.taken.CompareAndSwap(false, true) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	switch s.Class {
	case ClassModeration:
		ctx = helix.WithPriority(ctx, helix.PriorityModeration)
	case ClassDelete: // after bans, which also remove the messages of the user
		ctx = helix.WithPriority(ctx, helix.PriorityChat)
	case ClassDecision, ClassRedemption, ClassReply, ClassScript, ClassChannel, ClassRelay, ClassHTTP, ClassInner:
	}
	s.do(ctx)
}

// Dropped returns why the step was dropped, or nil if it was carried out. Run drops a step
// that has expired, and one for which the host returns an error that wraps [ErrExpired]
// because a message could not be sent in time. Call it after Run or Drop has returned.
func (s *Step) Dropped() error { return s.reason }

// Drop reports the step as [Dropped] without running it. The reaction continues after a
// dropped reply, relay or delete, and ends after any other dropped step.
func (s *Step) Drop(reason error) {
	if s.taken.CompareAndSwap(false, true) {
		s.reason = reason
		s.dropped(reason)
	}
}

// optional reports whether the reaction continues if the step is dropped.
func (s *Step) optional() bool {
	return s.Class == ClassReply || s.Class == ClassRelay || s.Class == ClassDelete
}
