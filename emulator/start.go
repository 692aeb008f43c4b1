package emulator

// TB is what this package needs of a test; *testing.T and *testing.B are one.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(f func())
}

// Start makes a server for a test and closes it when the test ends. It listens
// on a free port of the loopback interface, or nowhere with [InMemory].
// Mistakes in options and control calls fail the test.
func Start(t TB, opts ...Option) *Server {
	t.Helper()
	s := New(opts...)
	s.watch.tb = t
	t.Cleanup(s.Close)
	if err := s.Err(); err != nil {
		t.Fatalf("%v", err)
	}
	if !s.set.inMemory {
		if err := s.Listen("127.0.0.1:0"); err != nil {
			t.Fatalf("%v", err)
		}
	}
	return s
}
