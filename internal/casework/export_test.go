package casework

// TaskCalendar is taskCalendar, for tests.
var TaskCalendar = taskCalendar
