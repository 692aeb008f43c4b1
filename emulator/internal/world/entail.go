package world

// entail carries out the consequences of a fact: goals and hype trains that progress,
// and what begins and ends with a stream. It runs inside the change that added f.
func (c *change) entail(f Fact) {
	switch f := f.(type) {
	case Followed:
		c.advanceGoals(f.Broadcaster.ID, "follow", 1)
	case Subscribed:
		c.advanceGoals(f.Broadcaster.ID, "subscription_count", 1)
		c.advanceGoals(f.Broadcaster.ID, "new_subscription_count", 1)
		c.advanceGoals(f.Broadcaster.ID, "subscription", subPoints[f.Tier])
		c.advanceGoals(f.Broadcaster.ID, "new_subscription", subPoints[f.Tier])
		giver := f.User
		if f.IsGift {
			giver = f.Gifter
		}
		c.driveTrain(f.Broadcaster.ID, giver, "subscription", trainPoints[f.Tier])
	case SubscriptionEnded:
		c.advanceGoals(f.Broadcaster.ID, "subscription_count", -1)
		c.advanceGoals(f.Broadcaster.ID, "subscription", -subPoints[f.Tier])
	case Cheered:
		c.w.noteCheer(c, f)
		c.advanceGoals(f.Broadcaster.ID, "new_bit", f.Bits)
		c.driveTrain(f.Broadcaster.ID, f.User, "bits", f.Bits)
	case StreamWentOnline:
		c.w.channels[f.Broadcaster.ID].points.newStream()
		c.w.startVideo(c, f.Stream)
	case StreamWentOffline:
		c.w.channels[f.Broadcaster.ID].ads.unschedule()
		c.w.endVideo(c, f.Stream)
	}
}

// subPoints are what a subscription counts for in a goal of subscription points.
var subPoints = map[string]int{"1000": 1, "2000": 2, "3000": 6}

// trainPoints are what a subscription counts for in a hype train, in bits.
var trainPoints = map[string]int{"1000": 500, "2000": 1000, "3000": 2500}
