package helix

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/limit"
)

// Twitch's documented bucket, until an answer says otherwise.
const (
	bucketSize   = 800
	bucketRefill = time.Minute
)

// maxReset is the longest we believe a bucket needs to fill up again.
const maxReset = 2 * bucketRefill

// buckets are the rate limits of a client: Twitch counts the calls of each user
// token in one bucket per user, those of app tokens in one for the application.
type buckets struct {
	mu     sync.Mutex
	byUser map[string]*bucket // guarded by mu; "" is the app token's
}

// maxBuckets is how many buckets are kept before full ones are dropped.
const maxBuckets = 1024

type bucket struct {
	*limit.Bucket

	mu     sync.Mutex
	sent   uint64 // guarded by mu; number of the latest request
	newest uint64 // guarded by mu; number of the latest request whose answer counted
}

func (b *buckets) of(userID string) *bucket {
	b.mu.Lock()
	defer b.mu.Unlock()
	if found := b.byUser[userID]; found != nil {
		return found
	}
	if b.byUser == nil {
		b.byUser = map[string]*bucket{}
	}
	if len(b.byUser) >= maxBuckets {
		now := time.Now()
		for user, other := range b.byUser {
			if other.Full(now) {
				delete(b.byUser, user)
			}
		}
	}
	made := &bucket{Bucket: limit.NewBucket(bucketSize, bucketRefill)}
	b.byUser[userID] = made
	return made
}

// take waits for a point and returns the number of the request.
func (b *bucket) take(ctx context.Context) (number uint64, err error) {
	if err := b.Wait(ctx); err != nil {
		return 0, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent++
	return b.sent, nil
}

// observe corrects the bucket by what the answer to a request says. Answers that
// were overtaken by a later request's answer say nothing new.
func (b *bucket) observe(number uint64, info RateLimitInfo) {
	if info.Limit == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if number < b.newest {
		return
	}
	b.newest = number
	b.Correct(time.Now(), info.Limit, info.Remaining)
}

// rateLimitInfo reads the headers of an answer. Limit is 0 if they are not there.
func rateLimitInfo(h http.Header) RateLimitInfo {
	size, err := strconv.Atoi(h.Get("Ratelimit-Limit"))
	if err != nil || size <= 0 {
		return RateLimitInfo{}
	}
	remaining, err := strconv.Atoi(h.Get("Ratelimit-Remaining"))
	if err != nil {
		return RateLimitInfo{}
	}
	info := RateLimitInfo{Limit: size, Remaining: max(0, remaining)}
	if seconds, err := strconv.ParseInt(h.Get("Ratelimit-Reset"), 10, 64); err == nil && seconds > 0 {
		info.Reset = time.Unix(seconds, 0)
	}
	return info
}

// untilReset returns how long it takes until the bucket is full again. It goes by
// Twitch's clock, which the answer brings along, because ours may be wrong.
func untilReset(h http.Header, reset, now time.Time) time.Duration {
	if reset.IsZero() {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(0, reset.Sub(now)), maxReset)
}
