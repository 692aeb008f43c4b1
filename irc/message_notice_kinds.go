package irc

// The kinds of a [UserNotice]. In a comment stands the method that returns the parameters.
const (
	KindSub                 = "sub"                        // [UserNotice.Sub]
	KindResub               = "resub"                      // [UserNotice.Sub]
	KindSubGift             = "subgift"                    // [UserNotice.Gift]
	KindAnonSubGift         = "anonsubgift"                // [UserNotice.Gift]; today a KindSubGift
	KindMysteryGift         = "submysterygift"             // [UserNotice.MysteryGift]
	KindAnonMysteryGift     = "anonsubmysterygift"         // [UserNotice.MysteryGift]; today a KindMysteryGift
	KindGiftUpgrade         = "giftpaidupgrade"            // [UserNotice.GiftUpgrade]
	KindAnonGiftUpgrade     = "anongiftpaidupgrade"        // [UserNotice.GiftUpgrade]
	KindPrimeUpgrade        = "primepaidupgrade"           // [UserNotice.PrimeUpgrade]
	KindPayForward          = "standardpayforward"         // [UserNotice.PayForward]
	KindCommunityPayForward = "communitypayforward"        // [UserNotice.PayForward]
	KindExtendSub           = "extendsub"                  // [UserNotice.ExtendSub]
	KindRewardGift          = "rewardgift"                 // [UserNotice.RewardGift]
	KindPrimeGift           = "primecommunitygiftreceived" // [UserNotice.PrimeGift]
	KindRaid                = "raid"                       // [UserNotice.Raid]
	KindUnraid              = "unraid"                     // has no parameters
	KindAnnouncement        = "announcement"               // [UserNotice.Announcement]
	KindBitsBadge           = "bitsbadgetier"              // [UserNotice.BitsBadge]
	KindModiversary         = "modiversary"                // [UserNotice.Modiversary]
	KindMilestone           = "viewermilestone"            // [UserNotice.Milestone]
	KindDonation            = "charitydonation"            // [UserNotice.Donation]
	KindRitual              = "ritual"                     // [UserNotice.Ritual]
	KindStreakStarted       = "onetapstreakstarted"        // [UserNotice.StreakStarted]
	KindStreakExpired       = "onetapstreakexpired"        // [UserNotice.StreakExpired]
	KindBreakpoint          = "onetapbreakpointachieved"   // [UserNotice.Breakpoint]
	KindOneTapGift          = "onetapgiftredeemed"         // [UserNotice.OneTapGift]
	KindMidnightSquid       = "midnightsquid"              // retired; parameters unknown
	KindSocialSharingBadge  = "socialsharingbadge"         // parameters unknown
	KindSharedNotice        = "sharedchatnotice"           // only if Twitch does not send the kind it has in its channel
)
