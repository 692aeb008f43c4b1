package irc

import "strings"

// A User is a user who is named in the parameters of a notice.
type User struct {
	ID          string
	Login       string
	DisplayName string
}

// A Plan is what a subscription costs.
type Plan string

// The plans of subscriptions.
const (
	PlanPrime Plan = "Prime"
	Plan1     Plan = "1000"
	Plan2     Plan = "2000"
	Plan3     Plan = "3000"
)

// Tier returns 1 to 3, 1 also for Prime, or 0 for a plan that is unknown.
func (p Plan) Tier() int {
	switch p {
	case PlanPrime, Plan1:
		return 1
	case Plan2:
		return 2
	case Plan3:
		return 3
	default:
		return 0
	}
}

// plan reads a plan. Twitch's documentation also writes "prime".
func plan(v string) Plan {
	if strings.EqualFold(v, string(PlanPrime)) {
		return PlanPrime
	}
	return Plan(v)
}

// A Sub is a subscription that the chatter bought, renewed, or was given and now
// announces: [KindSub], [KindResub].
type Sub struct {
	Plan     Plan
	PlanName string   // as the broadcaster named it
	Months   int      // how many months in all, with this one
	Streak   int      // how many in a row; 0 if the chatter does not share it
	Duration int      // how many months were bought at once; 0 if unknown
	Tenure   int      // how many of those have passed
	Gift     *SubGift // nil if the chatter paid
}

// A SubGift is the gift that a renewed subscription came from.
type SubGift struct {
	Months    int  // how many months were given
	Month     int  // which of them this is
	Anonymous bool // From is then Twitch's account for anonymous gifts, or empty
	From      User
}

// Sub returns the subscription of a [KindSub] or [KindResub].
func (u *UserNotice) Sub() (s Sub, ok bool) {
	if u.Kind != KindSub && u.Kind != KindResub {
		return Sub{}, false
	}
	var gift SubGift
	var gifted bool
	u.params(func(k, v string) {
		switch k {
		case "sub-plan":
			s.Plan = plan(v)
		case "sub-plan-name":
			s.PlanName = unescape(v)
		case "cumulative-months":
			s.Months = number(v)
		case "streak-months":
			s.Streak = number(v)
		case "multimonth-duration":
			s.Duration = number(v)
		case "multimonth-tenure":
			s.Tenure = number(v)
		case "was-gifted":
			gifted = isTrue(v)
		case "gift-months":
			gift.Months = number(v)
		case "gift-month-being-redeemed":
			gift.Month = number(v)
		case "anon-gift":
			gift.Anonymous = isTrue(v)
		case "gifter-id":
			gift.From.ID = v
		case "gifter-login":
			gift.From.Login = v
		case "gifter-name":
			gift.From.DisplayName = unescape(v)
		}
	})
	if gifted {
		s.Gift = new(gift)
	}
	return s, true
}

// An ExtendSub is a subscription that was paid further ahead: [KindExtendSub].
type ExtendSub struct {
	Plan     Plan
	Months   int // how many months in all
	EndMonth int // the month of the year in which it ends, from 1
}

// ExtendSub returns the subscription of a [KindExtendSub].
func (u *UserNotice) ExtendSub() (e ExtendSub, ok bool) {
	if u.Kind != KindExtendSub {
		return ExtendSub{}, false
	}
	u.params(func(k, v string) {
		switch k {
		case "sub-plan":
			e.Plan = plan(v)
		case "cumulative-months":
			e.Months = number(v)
		case "sub-benefit-end-month":
			e.EndMonth = number(v)
		}
	})
	return e, true
}

// PrimeUpgrade returns the plan that the chatter changes to from Prime, for a
// [KindPrimeUpgrade].
func (u *UserNotice) PrimeUpgrade() (p Plan, ok bool) {
	if u.Kind != KindPrimeUpgrade {
		return "", false
	}
	return plan(u.Param("sub-plan")), true
}

// A Goal is the goal of the channel that a subscription or gift counts for.
type Goal struct {
	Type        string // "SUBS", "SUB_POINTS", "NEW_SUBS", "NEW_SUB_POINTS"
	Description string
	Current     int
	Target      int
	Added       int // what the chatter contributed
}

// Goal returns the goal that a subscription or gift counts for. It is false if the
// channel has none, and for other kinds.
func (u *UserNotice) Goal() (g Goal, ok bool) {
	u.params(func(k, v string) {
		switch k {
		case "goal-contribution-type":
			g.Type, ok = v, true
		case "goal-description":
			g.Description = unescape(v)
		case "goal-current-contributions":
			g.Current = number(v)
		case "goal-target-contributions":
			g.Target = number(v)
		case "goal-user-contributions":
			g.Added = number(v)
		}
	})
	return g, ok
}

// isTrue reads a truth value. Twitch writes some as words and some as digits.
func isTrue(v string) bool { return v == "1" || v == "true" }
