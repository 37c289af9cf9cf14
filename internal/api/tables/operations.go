package tables

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/api/frame"
)

// Operations adds all of them. None changes anything, and every key may call them.
func Operations(d *frame.Door) {
	tableOperations(d)
	readOperations(d)
	frame.Register(d, read("locate", "/locate", "一个点在哪个网格 · The grid of a point",
		"边界上的点总归同一边。不在任何网格内的，给出最近的网格。 · A point on a border always belongs to the same side. Outside every grid the nearest one is given."), frame.AnyKey, locate)
}

// read is an operation that reads a table.
func read(id, path, summary, description string) huma.Operation {
	return frame.Told(id, http.MethodGet, path, "district", summary, description)
}
