// Package quiet is where packages log to whose user gave no logger: nowhere.
//
// Start with
//
//	o.Logger = quiet.Or(o.Logger)
//
// Built with the tag canary, every logger writes everything to the standard error
// besides, at debug level and in every form, and the secrets that are made for a test
// carry a mark. "make canary" runs all tests like that and looks for the mark in what
// they print.
package quiet
