package relay

import (
	"net/url"
	"strings"
)

// fixedHosts are the hosts of the services of shoutrrr that connect to a host of their
// own, whatever the address says. All others connect to the host in the address. A
// name that starts with a dot stands for all names below it.
var fixedHosts = map[string][]string{
	"ifttt":      {"maker.ifttt.com"},
	"join":       {"joinjoaomgcd.appspot.com"},
	"lark":       {"open.larksuite.com", "open.feishu.cn"}, // others are refused
	"notifiarr":  {"notifiarr.com"},
	"pushbullet": {"api.pushbullet.com"},
	"pushover":   {"api.pushover.net"},
	"slack":      {"hooks.slack.com", "slack.com"},
	"teams":      {".webhook.office.com"}, // others are refused
	"telegram":   {"api.telegram.org"},
	"wecom":      {"qyapi.weixin.qq.com"},
}

// serviceHost returns the host that a service of shoutrrr connects to; it is empty for
// services with a fixed host.
func serviceHost(scheme string, u *url.URL) string {
	host := u.Hostname()
	switch {
	case fixedHosts[scheme] != nil:
		return ""
	case scheme == "signal": // a parameter overrides the host of the address
		for name, values := range u.Query() {
			if strings.EqualFold(name, "host") && len(values) > 0 {
				host = values[0]
			}
		}
	case scheme == "pagerduty" && host == "":
		return "events.pagerduty.com"
	}
	if host == "" {
		return "localhost" // what a URL without a host leads to
	}
	return host
}
