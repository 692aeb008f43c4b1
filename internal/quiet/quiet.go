// Package quiet is where packages log to whose user gave no logger: nowhere.
//
// Start with
//
//	if o.Logger == nil {
//		o.Logger = quiet.Logger()
//	}
//
// Built with the tag canary, it is everything at debug level to the standard error,
// and the secrets that the emulator makes carry a mark. "make canary" runs all tests
// like that and looks for the mark in what they print.
package quiet
