package casework

// TaskCalendar is taskCalendar, for tests.
var TaskCalendar = taskCalendar

// Through has a filter go through all cases, however few those of its scope are.
func Through(f Filter) Filter {
	f.through = true
	return f
}
