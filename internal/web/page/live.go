package page

import (
	"fmt"
	"net/http"
	"time"

	"linli/internal/casework"
)

// quiet is how often an idle stream says that it lives, so that proxies keep it.
const quiet = 25 * time.Second

// settle gathers changes that come together into one event.
const settle = 300 * time.Millisecond

// Live streams an event whenever cases change. The page that hears it asks for
// its regions again, under the reader's own rights.
func Live(v *View) error {
	control := http.NewResponseController(v.W)
	wake := make(chan struct{}, 1)
	stop := v.House.DB.Watch(func(topic string) {
		if topic == casework.Topic || topic == "" {
			select {
			case wake <- struct{}{}:
			default:
			}
		}
	})
	defer stop()
	v.W.Header().Set("Content-Type", "text/event-stream")
	v.W.Header().Set("Cache-Control", "no-store")
	v.W.Header().Set("X-Accel-Buffering", "no")
	_ = control.SetWriteDeadline(time.Time{}) // a stream has no end; an older server may not allow it
	fmt.Fprint(v.W, "retry: 3000\n\n")
	for {
		if err := control.Flush(); err != nil {
			return fmt.Errorf("stream: %w", err)
		}
		select {
		case <-v.Context().Done():
			return nil
		case <-v.House.Stopping:
			return nil
		case <-time.After(quiet):
			fmt.Fprint(v.W, ": quiet\n\n")
		case <-wake:
			select {
			case <-v.Context().Done():
				return nil
			case <-time.After(settle):
			}
			select {
			case <-wake: // came while settling: it is this event
			default:
			}
			fmt.Fprint(v.W, "data: cases\n\n")
		}
	}
}
