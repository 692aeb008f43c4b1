package oauth_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A trouble is the fault and the delays of one request.
type trouble struct {
	There  time.Duration // until Twitch acts
	Back   time.Duration // from then until its response arrives
	Fault  wireFault
	Status int // of a refusal
}

type wireFault string

const (
	wireFine    wireFault = "fine"
	wireLost    wireFault = "lost"     // Twitch does not receive it
	wireSilent  wireFault = "silent"   // Twitch acts, its response is lost
	wireTorn    wireFault = "torn"     // Twitch acts, half of its response arrives
	wireRefused wireFault = "refused"  // Twitch responds with Status and does nothing
	wireActed   wireFault = "acted on" // Twitch responds with 502, although it acted
)

var (
	errModelNetwork = errors.New("the network is gone")
	errModelDead    = errors.New("this process is dead")
)

func (tw *modelTwitch) nextTrouble() trouble {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	next := trouble{There: 20 * time.Millisecond, Back: 20 * time.Millisecond, Fault: wireFine}
	if len(tw.troubles) > 0 {
		next, tw.troubles = tw.troubles[0], tw.troubles[1:]
	}
	// No two requests take the same time, so that their order is deterministic.
	tw.requests++
	next.There += time.Duration(tw.requests) * time.Microsecond
	return next
}

// RoundTrip sends a request to Twitch, which completes it even if p dies.
func (p *modelProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	if p.dead() {
		return nil, errModelDead
	}
	q := modelQuery{path: req.URL.Path, access: strings.TrimPrefix(req.Header.Get("Authorization"), "OAuth ")}
	if req.Body != nil {
		body, _ := io.ReadAll(req.Body)
		q.form, _ = url.ParseQuery(string(body))
	}
	token := q.form.Get("refresh_token")
	c := callOf(req.Context())
	p.requestSent(c, token)
	by := &modelRequest{by: p}
	res, fault, err := p.ask(req, q, by)
	p.responseReceived(c, token, by, res, fault, err)
	return res, err
}

func (p *modelProcess) ask(req *http.Request, q modelQuery, by *modelRequest) (*http.Response, wireFault, error) {
	now := p.w.twitch.nextTrouble()
	p.w.record("%v: asks for %s %s%s, which goes: %+v", p, q.path, q.access, q.form.Get("refresh_token")+q.form.Get("token"), now)
	answers := make(chan modelAnswer, 1)
	go func() {
		time.Sleep(now.There)
		var res modelAnswer
		switch now.Fault {
		case wireLost:
		case wireRefused:
			res = modelAnswer{now.Status, []byte(`{"message":"something else"}`)}
		default:
			res = p.w.twitch.act(q, by)
		}
		time.Sleep(now.Back)
		switch now.Fault {
		case wireLost, wireSilent:
			close(answers)
			return
		case wireTorn:
			res.body = res.body[:len(res.body)/2]
		case wireActed:
			res.status = http.StatusBadGateway
		default:
		}
		answers <- res
	}()
	select {
	case res, ok := <-answers:
		if !ok {
			return nil, now.Fault, errModelNetwork
		}
		if p.dead() {
			return nil, now.Fault, errModelDead
		}
		return &http.Response{
			StatusCode: res.status, Header: http.Header{}, Request: req, Body: io.NopCloser(bytes.NewReader(res.body)),
		}, now.Fault, nil
	case <-req.Context().Done():
		return nil, now.Fault, req.Context().Err()
	case <-p.died:
		return nil, now.Fault, errModelDead
	}
}
