package db

import "encoding/json"

// FromList begins a from clause with a list of texts, to be joined by
// j.value: "from " + FromList(…) + " cases c on c.id = j.value". The list comes
// first in the plan, so that a short one is quick whatever it is joined to.
//
// Differs because SQLite has no arrays: it reads the list as JSON, and its
// cross join is the one whose order the planner keeps.
func FromList(engine Engine, placeholder string, values []string) (from string, arg any, err error) {
	if engine == Postgres {
		return "unnest(cast(" + placeholder + " as text[])) as j(value) join", values, nil
	}
	data, err := json.Marshal(values)
	return "json_each(" + placeholder + ") as j cross join", string(data), err
}
