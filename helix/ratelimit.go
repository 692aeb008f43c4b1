package helix

import (
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
	byUser map[string]*limit.Bucket // guarded by mu; "" is the app token's
}

// maxBuckets is how many buckets are kept before full ones are dropped.
const maxBuckets = 1024

func (b *buckets) of(userID string) *limit.Bucket {
	b.mu.Lock()
	defer b.mu.Unlock()
	if found := b.byUser[userID]; found != nil {
		return found
	}
	if b.byUser == nil {
		b.byUser = map[string]*limit.Bucket{}
	}
	if len(b.byUser) >= maxBuckets {
		now := time.Now()
		for user, other := range b.byUser {
			if other.Full(now) {
				delete(b.byUser, user)
			}
		}
	}
	made := limit.NewBucket(bucketSize, bucketRefill)
	b.byUser[userID] = made
	return made
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
