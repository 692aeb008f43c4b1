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
// Each round includes the collection of its own garbage, and starts after a collection.
package bench
