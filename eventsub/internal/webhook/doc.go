// Package webhook holds the parts of receiving EventSub's webhooks that need no
// server: the headers and the signature of a request, the memory of message ids, the
// estimate of the clock's error, and callback addresses.
//
// A request is not trusted before [Head].Signed returned true. Nothing here parses a
// body.
package webhook
