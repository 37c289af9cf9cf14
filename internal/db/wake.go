package db

import "sync"

// hub tells this process's watchers what was woken.
type hub struct {
	mu    sync.Mutex
	next  int
	tells map[int]func(string)
}

func newHub() *hub { return &hub{tells: map[int]func(string){}} }

func (h *hub) add(tell func(string)) (stop func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	id := h.next
	h.next++
	h.tells[id] = tell
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.tells, id)
	}
}

func (h *hub) tell(topic string) {
	h.mu.Lock()
	all := make([]func(string), 0, len(h.tells))
	for _, tell := range h.tells {
		all = append(all, tell)
	}
	h.mu.Unlock()
	for _, tell := range all {
		tell(topic)
	}
}
