package hook

// ParsesBefore reports whether a text names where a page of deliveries begins.
func ParsesBefore(text string) bool {
	_, _, err := parseBefore(text)
	return err == nil
}

// CheckURL is what Add asks of an address.
func (b *Book) CheckURL(text string) (host string, err error) { return b.checkURL(text) }
