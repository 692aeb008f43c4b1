// Package bench holds benchmarks that run Larkspur and its peers side by side in
// one process. Run them with `make bench`; each prints its ratio to the peer.
package bench
