// Package bench holds benchmarks that run Larkspur and its peers side by side in
// one process: the same bytes over the same kind of socket, read by what each
// library's own documentation shows.
//
//	make bench
//
// prints them all, and at the end a table of the figures that Larkspur wants to
// reach: goal, measured, ok or NOT. With `-count 5` the table has the median of the
// runs and their range.
//
// A ratio compares two times of the same minute; a rate depends on the machine. Both
// are taken from the quickest round of many, ours and the peer's alike (calls of
// Helix: from the median call), and both suffer when something else runs: the table
// says how busy the machine was. The cpu- metrics, which count what the processors
// did for one message, suffer least.
//
// What takes memory pays for its garbage, and each round begins with none.
package bench
