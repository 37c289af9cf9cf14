package page

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"linli/internal/casework"
	"linli/internal/org"
)

// quiet is how often an idle stream says that it lives, so that proxies keep it.
const quiet = 25 * time.Second

// settle gathers changes that come together into one event.
const settle = 300 * time.Millisecond

// Live streams an event whenever cases change. The page that hears it asks for
// its regions again, under the reader's own rights. The stream ends at the minute
// at which those change; whoever may still listen begins it anew.
func Live(v *View) error {
	defer v.House.Meter.Live()()
	control := http.NewResponseController(v.W)
	wake := make(chan struct{}, 1)
	stop := v.House.DB.Watch(func(topic string) {
		if topic == casework.Topic || topic == org.Topic || topic == "" {
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
		case <-time.After(v.listens()):
			if !v.still() {
				return nil
			}
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
			if !v.still() {
				return nil
			}
			fmt.Fprint(v.W, "data: cases\n\n")
		}
	}
}

// listens is how long a stream waits without looking up: until the reader's
// rights change next, or for the quiet time.
func (v *View) listens() time.Duration {
	if v.Reader == nil {
		return quiet
	}
	now := v.House.DB.Now()
	next := v.District.Org.Changes(v.Reader.Person.ID, now, v.Zone())
	if next.IsZero() {
		return quiet
	}
	return min(quiet, next.Sub(now))
}

// still reports whether the reader has the posts with which the stream began.
func (v *View) still() bool {
	if v.Reader == nil {
		return true
	}
	d, err := v.House.Districts.Get(v.Context(), v.District.Code)
	if err != nil {
		return false // the page asks again, and is told why
	}
	v.District = d
	return slices.Equal(d.HeldAt(v.Reader.Person.ID, v.House.DB.Now()), v.Reader.Posts)
}
