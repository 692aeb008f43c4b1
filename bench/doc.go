// Package bench holds benchmarks that run Larkspur and its peers side by side in
// one process: the same bytes over the same kind of socket, read as each library's own
// documentation shows.
//
//	make bench
//
// prints them all, and at the end a table that compares the figures with Larkspur's
// goals: goal, measured, ok or NOT. With `-count 5` the table has the median of the
// runs and their range.
//
// A ratio compares two times of the same minute; a rate depends on the machine. Both
// are taken from the quickest round of many, ours and the peer's alike (calls of
// Helix: from the median call). Both get worse when other programs run, so the table
// shows how busy the machine was. The cpu- metrics, the processor time for one message,
// are affected least.
//
// # Vectors
//
// simd_test.go has a parser of chat lines that uses vectors of 32 bytes, of Go's package
// simd/archsimd. It takes about 0.9 of the time of the parser of package irc: most values
// end within 16 bytes, and longer searches are strings.IndexByte, which uses vectors
// already. That package needs a toolchain with GOEXPERIMENT=simd and runs on amd64 only, so
// package irc does without it.
//
// # Rounds
//
// Each round includes the collection of its own garbage, and starts after a collection.
package bench
