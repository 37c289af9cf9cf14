package sample

import _ "embed"

// routesFile is the routing table of the district: which matter, where and when,
// goes to whom, and why. It leaves some matters without a rule on purpose, such
// as fallen lines (m10002), traffic lights (c02014) and the few components of
// major 05, so that the list of cases nobody owns has something to show.
//
//go:embed words/routes.csv
var routesFile []byte

func routesCSV() ([]byte, error) { return routesFile, nil }
