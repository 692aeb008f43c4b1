// Package examples holds only tests: the configurations of examples/ and of the
// README run against the emulator.
package examples
