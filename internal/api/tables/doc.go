// Package tables has the operations that read the district itself: matters and
// procedures, areas with their outlines and the grid of a point, units, calendars.
// They come from the picture that is held in memory (package district); every key
// may call them, and none changes anything.
package tables
