package eventsub

import (
	"sync/atomic"
	"time"
)

// ReceiverStats count the requests to a Receiver since it was created. Each request is
// counted in one of Accepted, Duplicates, Challenges, Revocations, Unknown, Failed and
// Refused.
type ReceiverStats struct {
	Accepted    uint64 // notifications that were stored and acknowledged
	Duplicates  uint64 // messages that were accepted before
	Challenges  uint64 // confirmed subscriptions
	Revocations uint64 // ended subscriptions
	Unknown     uint64 // signed messages that could not be decoded, or of an unknown kind
	Failed      uint64 // answered with 503, so that Twitch sends them again
	Refused     Refusals

	Late  uint64        // of the accepted ones: older than ten minutes
	Ahead time.Duration // estimate of how far the local clock is ahead of Twitch's; negative: behind
}

// Refusals count requests that were refused, by the first reason that was found.
type Refusals struct {
	Method    uint64 // not POST
	Header    uint64 // a header is missing, malformed, too long or occurs twice
	Path      uint64 // no secret belongs to the path
	Size      uint64 // a body of more than 1 MiB
	Body      uint64 // a body that did not arrive whole or in time
	Signature uint64 // signed with no or another secret, or changed after it was signed
	Unwanted  uint64 // a challenge for a subscription that is not wanted
}

// Total returns the number of refused requests.
func (r Refusals) Total() uint64 {
	return r.Method + r.Header + r.Path + r.Size + r.Body + r.Signature + r.Unwanted
}

// A refusedFor is a reason to refuse a request.
type refusedFor int

const (
	refusedMethod refusedFor = iota
	refusedHeader
	refusedPath
	refusedSize
	refusedBody
	refusedSignature
	refusedUnwanted
	refusals // their number
)

// String explains the refusal to an operator. Nothing of a request is part of it.
func (r refusedFor) String() string {
	return [refusals]string{
		refusedMethod:    "not a POST",
		refusedHeader:    "a header of EventSub is missing, malformed, too long or occurs twice",
		refusedPath:      "no subscription has this callback path",
		refusedSize:      "the body is larger than 1 MiB",
		refusedBody:      "the body did not arrive in time",
		refusedSignature: "the signature is wrong; a proxy in between must not change the body",
		refusedUnwanted:  "a subscription that is not wanted asked for confirmation",
	}[r]
}

type receiverCounters struct {
	accepted, duplicates, challenges, revocations, unknown, failed, late atomic.Uint64

	refused [refusals]atomic.Uint64
}

// Stats returns the counts so far.
func (r *Receiver) Stats() ReceiverStats {
	refused := func(why refusedFor) uint64 { return r.stats.refused[why].Load() }
	return ReceiverStats{
		Accepted:    r.stats.accepted.Load(),
		Duplicates:  r.stats.duplicates.Load(),
		Challenges:  r.stats.challenges.Load(),
		Revocations: r.stats.revocations.Load(),
		Unknown:     r.stats.unknown.Load(),
		Failed:      r.stats.failed.Load(),
		Late:        r.stats.late.Load(),
		Ahead:       r.clock.Ahead(),
		Refused: Refusals{
			Method: refused(refusedMethod), Header: refused(refusedHeader), Path: refused(refusedPath), Size: refused(refusedSize),
			Body: refused(refusedBody), Signature: refused(refusedSignature), Unwanted: refused(refusedUnwanted),
		},
	}
}
