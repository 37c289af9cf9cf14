package frame

// Woken tells of changes to a topic, and of those of which nobody knows the topic,
// until stop is called.
func (c *Caller) Woken(topic string) (wake <-chan struct{}, stop func()) {
	woken := make(chan struct{}, 1)
	return woken, c.House.DB.Watch(func(changed string) {
		if changed == topic || changed == "" {
			select {
			case woken <- struct{}{}:
			default:
			}
		}
	})
}
