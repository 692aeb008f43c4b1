package relay

import (
	"net/url"
	"strings"
)

// fixedHost are the services of shoutrrr that connect to a host of their own, whatever
// the address says. All others connect to the host in the address.
var fixedHost = map[string]bool{
	"discord":    true, // discord.com
	"ifttt":      true, // maker.ifttt.com
	"join":       true, // joinjoaomgcd.appspot.com
	"lark":       true, // open.larksuite.com or open.feishu.cn; others are refused
	"notifiarr":  true, // notifiarr.com
	"pushbullet": true, // api.pushbullet.com
	"pushover":   true, // api.pushover.net
	"slack":      true, // hooks.slack.com or slack.com
	"teams":      true, // below webhook.office.com; others are refused
	"telegram":   true, // api.telegram.org
	"wecom":      true, // qyapi.weixin.qq.com
}

// serviceHost returns the host that a service of shoutrrr connects to; it is empty for
// services with a fixed host.
func serviceHost(scheme string, u *url.URL) string {
	host := u.Hostname()
	switch {
	case fixedHost[scheme]:
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
