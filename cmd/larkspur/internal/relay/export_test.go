package relay

// GoodAddresses are the addresses that errors show.
func GoodAddresses() map[string]string { return examples }
