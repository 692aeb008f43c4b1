package skill

import (
	"strings"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// redemptionEvents are the events of redemptions by their status: a new one, and one that
// was decided.
var redemptionEvents = map[string]string{
	"unfulfilled": "channel.channel_points_custom_reward_redemption.add",
	"fulfilled":   "channel.channel_points_custom_reward_redemption.update",
	"canceled":    "channel.channel_points_custom_reward_redemption.update",
}

// statuses are the values of status:.
var statuses = []string{"unfulfilled", "fulfilled", "canceled"}

// loadReward reads reward:: the title or id of a reward, or {reward: …, status: …}. A new
// redemption is unfulfilled, unless the reward skips the queue.
func (l *loader) loadReward(n *config.Node) []trigger {
	at, status := n, ""
	if n.Kind == config.Map {
		s := n.Section(l.problems, "reward", "status")
		if status = s.String("status", ""); status != "" && !contains(statuses, status) {
			l.problems.Add(s.Get("status"), "unknown status %q%s", status, hint(status, statuses))
			return nil
		}
		if at = s.Need("reward"); at == nil {
			return nil
		}
	}
	name, ok := at.Text(l.problems)
	if !ok {
		return nil
	}
	if name == "" {
		l.problems.Add(at, "is empty; want the title or the id of a reward")
		return nil
	}
	event := redemptionEvents["unfulfilled"]
	if status != "" {
		event = redemptionEvents[status]
	}
	ts, wrong := l.catalog.triggers(event)
	if wrong != "" {
		l.problems.Add(at, "%s", wrong)
	}
	for i := range ts {
		ts[i].name, ts[i].reward, ts[i].status = "reward "+name, name, status
	}
	return ts
}

// redeems reports whether an event is a redemption of the trigger's reward, with its status.
func (t *trigger) redeems(fields map[string]any) bool {
	reward, _ := fields["reward"].(map[string]any)
	title, _ := reward["title"].(string)
	status, _ := fields["status"].(string)
	return (reward["id"] == t.reward || strings.EqualFold(strings.TrimSpace(title), strings.TrimSpace(t.reward))) &&
		(t.status == "" || status == t.status)
}
