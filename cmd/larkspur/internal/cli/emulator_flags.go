package cli

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/emulator"
)

// emulatorFlags are the flags of `larkspur emulator`.
type emulatorFlags struct {
	addrs            []string
	tlsCert, tlsKey  string
	channels, users  []string
	live, crowd      bool
	noLimits, strict bool
	verifiedBots     []string
	chatPace         time.Duration
	remoteWebhooks   bool
	seed             uint64
	id, secret       string
	public           bool
	redirects        []string
	tokenLife        time.Duration
	devicePoll       time.Duration
	approveAs        string
	extension        string // login of its owner
	extensionSecret  string
	hosts            []string
	replay, replayTo string
	speed            float64
	level            string
}

func (f *emulatorFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringSliceVar(&f.addrs, "addr", []string{"127.0.0.1:8080"}, "addresses to serve on, all of them the same; port 0 takes a free one")
	flags.StringVar(&f.tlsCert, "tls-cert", "", "file with the certificate for TLS; if it and --tls-key do not exist, one is made and written there")
	flags.StringVar(&f.tlsKey, "tls-key", "", "file with its key")
	flags.StringSliceVar(&f.channels, "channel", []string{"ada"}, "logins of broadcasters")
	flags.StringSliceVar(&f.users, "user", []string{"grace"}, "logins of other users; more are created when their names are first used")
	flags.BoolVar(&f.live, "live", false, "the channels are live from the start")
	flags.BoolVar(&f.crowd, "crowd", false, "viewers chat, follow, subscribe and raid in the first channel")
	flags.BoolVar(&f.noLimits, "no-limits", false, "no limits on calls, joins and messages")
	flags.StringSliceVar(&f.verifiedBots, "verified-bot", nil, "logins of verified bots, whose limits in chat are higher")
	flags.DurationVar(&f.chatPace, "chat-pace", 0, "how long ordinary users must wait between two messages in a channel; Twitch is said to ask for 1s")
	flags.BoolVar(&f.strict, "strict", false, "refuse what Twitch does not document: form bodies, misplaced parameters, True and False, another NICK than the token's")
	flags.BoolVar(&f.remoteWebhooks, "remote-webhooks", false, "webhooks may be on other machines, not on this one only")
	flags.Uint64Var(&f.seed, "seed", 0, "another seed gives users other ids")
	flags.StringVar(&f.id, "client-id", "", "the registered client; default: one that is printed")
	flags.StringVar(&f.secret, "client-secret", "", "its secret")
	flags.StringSliceVar(&f.hosts, "host", nil, "public names under which browsers may call it, beside localhost and addresses in a private net")
	flags.BoolVar(&f.public, "public", false, "the client has no secret: only the device login, and refresh tokens that work once")
	flags.StringArrayVar(&f.redirects, "redirect-uri", nil, "where logins may end, once for each; default: anywhere")
	flags.DurationVar(&f.tokenLife, "token-life", 4*time.Hour, "how long access tokens of users are good; short ones show whether they are renewed")
	flags.DurationVar(&f.devicePoll, "device-poll", 5*time.Second, "how long a device login waits between two polls; whole seconds")
	flags.StringVar(&f.approveAs, "approve-as", "", "approve every login in a browser as this user, without a page that asks")
	flags.StringVar(&f.extension, "extension", "", "the client is an extension, which this user owns")
	flags.StringVar(&f.extensionSecret, "extension-secret", "", "the extension's secret in base64; default: one that is printed")
	flags.StringVar(&f.replay, "replay", "", "file with lines of raw IRC to play")
	flags.StringVar(&f.replayTo, "replay-channel", "", "play all lines in this channel; default: the channel that each names")
	flags.Float64Var(&f.speed, "replay-speed", 0, "1: at the pace of the lines' timestamps; 0: as fast as clients read")
	flags.StringVar(&f.level, "log-level", "warn", "debug, info, warn or error")
}

// loginName matches what Twitch accepts as a login.
var loginName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_]{0,24}$`)

// check finds mistakes before anything starts.
func (f emulatorFlags) check() error {
	switch {
	case f.public && f.id == "":
		return errors.New("--public needs --client-id")
	case f.public && f.secret != "":
		return errors.New("--public means that there is no --client-secret")
	case !f.public && (f.id == "") != (f.secret == ""):
		return errors.New("--client-id and --client-secret belong together; a client without a secret is --public")
	case (f.tlsCert == "") != (f.tlsKey == ""):
		return errors.New("--tls-cert and --tls-key belong together")
	case f.extensionSecret != "" && f.extension == "":
		return errors.New("--extension-secret needs --extension")
	case f.tokenLife < time.Second:
		return fmt.Errorf("--token-life %s: want a second or more", f.tokenLife)
	case f.chatPace < 0:
		return fmt.Errorf("--chat-pace %s: want zero or more", f.chatPace)
	case f.devicePoll < time.Second || f.devicePoll%time.Second != 0:
		return fmt.Errorf("--device-poll %s: want whole seconds, at least one", f.devicePoll)
	}
	for _, addr := range f.addrs {
		if _, port, err := net.SplitHostPort(addr); err != nil || !isPort(port) {
			return fmt.Errorf("--addr %q: want an address and a port, such as 127.0.0.1:8080", addr)
		}
	}
	for _, names := range []struct {
		flag   string
		logins []string
	}{{"--channel", f.channels}, {"--user", f.users}, {"--verified-bot", f.verifiedBots}} {
		for _, login := range names.logins {
			if !loginName.MatchString(login) {
				return fmt.Errorf("%s %q: want a login: letters, digits and underscores, at most 25", names.flag, login)
			}
		}
	}
	if f.approveAs != "" && !loginName.MatchString(f.approveAs) {
		return fmt.Errorf("--approve-as %q: want a login", f.approveAs)
	}
	if f.extension != "" && !loginName.MatchString(f.extension) {
		return fmt.Errorf("--extension %q: want the login of its owner", f.extension)
	}
	if f.replayTo != "" && !loginName.MatchString(f.replayTo) {
		return fmt.Errorf("--replay-channel %q: want a login", f.replayTo)
	}
	return nil
}

func isPort(text string) bool {
	_, err := strconv.ParseUint(text, 10, 16)
	return err == nil
}

func (f emulatorFlags) options() []emulator.Option {
	opts := []emulator.Option{emulator.Seed(f.seed), emulator.User(f.users...), emulator.TokenLife(f.tokenLife), emulator.DevicePoll(f.devicePoll)}
	if f.id != "" {
		opts = append(opts, emulator.ClientCredentials(f.id, f.secret))
	}
	if len(f.redirects) > 0 {
		opts = append(opts, emulator.RedirectURIs(f.redirects...))
	}
	if len(f.hosts) > 0 {
		opts = append(opts, emulator.Hosts(f.hosts...))
	}
	if f.approveAs != "" {
		opts = append(opts, emulator.ApproveAs(f.approveAs))
	}
	if f.noLimits {
		opts = append(opts, emulator.NoLimits())
	}
	if f.extension != "" {
		opts = append(opts, emulator.Extension(f.extension, f.extensionSecret))
	}
	if f.tlsCert != "" {
		opts = append(opts, emulator.Certificate(f.tlsCert, f.tlsKey))
	}
	if f.remoteWebhooks {
		opts = append(opts, emulator.RemoteWebhooks())
	}
	if f.strict {
		opts = append(opts, emulator.Strict())
	}
	if f.chatPace > 0 {
		opts = append(opts, emulator.ChatPace(f.chatPace))
	}
	for _, channel := range f.channels {
		opts = append(opts, emulator.Channel(channel))
		if f.live {
			opts = append(opts, emulator.Live(channel))
		}
	}
	return append(opts, emulator.VerifiedBot(f.verifiedBots...))
}
