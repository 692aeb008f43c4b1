package emulator

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net"
	"time"
)

// sniffTimeout is how long a connection may say nothing. IRC clients speak
// first, as HTTP and TLS clients do.
const sniffTimeout = 30 * time.Second

// protocol is what a connection speaks.
type protocol int

const (
	unknown protocol = iota
	speaksHTTP
	speaksTLS
	speaksIRC
)

// longestMethod is how many bytes say for sure what is spoken: "CONNECT ".
const longestMethod = 8

var httpMethods = []string{"GET ", "POST ", "PUT ", "PATCH ", "DELETE ", "HEAD ", "OPTIONS ", "CONNECT ", "TRACE "}

// recognise tells the protocol from the first bytes; unknown means that it
// needs more of them.
func recognise(first []byte) protocol {
	if len(first) == 0 {
		return unknown
	}
	if first[0] == 0x16 {
		return speaksTLS
	}
	for _, method := range httpMethods {
		n := min(len(first), len(method))
		if string(first[:n]) == method[:n] {
			if n == len(method) {
				return speaksHTTP
			}
			return unknown
		}
	}
	return speaksIRC
}

// sniff reads until the protocol is known. The conn returned still has what was read.
func sniff(conn net.Conn) (protocol, net.Conn, error) {
	if err := conn.SetReadDeadline(time.Now().Add(sniffTimeout)); err != nil {
		return unknown, nil, err
	}
	var first []byte
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		first = append(first, buf[:n]...)
		if p := recognise(first); p != unknown {
			return p, &peeked{Conn: conn, first: bytes.NewReader(first)}, conn.SetReadDeadline(time.Time{})
		}
		if err != nil {
			return unknown, nil, err
		}
		if len(first) > longestMethod {
			return unknown, nil, errors.New("unknown protocol")
		}
	}
}

// peeked is a connection of which the first bytes were read already.
type peeked struct {
	net.Conn
	first *bytes.Reader
	tls   *tls.Conn // set if encrypted
}

func (p *peeked) Read(b []byte) (int, error) {
	if p.first.Len() > 0 {
		return p.first.Read(b)
	}
	return p.Conn.Read(b)
}
