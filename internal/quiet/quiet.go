// Package quiet provides the default logger of packages: one that discards all records.
//
// Start with
//
//	o.Logger = quiet.Or(o.Logger)
//
// With the build tag canary, every logger also writes all records to the standard error,
// at debug level and in every format, and the secrets that are created for a test begin
// with a mark. "make canary" runs all tests that way and looks for the mark in their
// output.
package quiet
