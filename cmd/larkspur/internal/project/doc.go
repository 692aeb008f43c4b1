// Package project writes a new Go project: a bot with a command, a component, a test on the
// emulator and what it takes to run it.
//
// Start with
//
//	files, err := project.Files(project.Options{Module: "example.org/robin", Name: "robin", Version: "v1.0.0"})
//	err = project.Write(dir, files)
package project
