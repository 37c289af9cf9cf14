package frame

// Paging is where a page of a table begins and how long it is.
type Paging struct {
	After string `query:"after" maxLength:"200" doc:"上一页的 next · next of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

// Cursor is where the page begins.
func (p *Paging) Cursor() *string { return &p.After }

// ShortPaging is the same for a list whose rows are long.
type ShortPaging struct {
	After string `query:"after" maxLength:"200" doc:"上一页的 next · next of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// Cursor is where the page begins.
func (p *ShortPaging) Cursor() *string { return &p.After }

// List is a page of a table, by code.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"下一页的 after；没有就是最后一页 · after of the next page; missing on the last"`
}

// NextCursor is where the next page begins.
func (l *List[T]) NextCursor() *string { return &l.Next }

// Paged cuts a page out of a table that is sorted by code. The cursor is the
// last code given, so that a row added meanwhile moves nothing.
func Paged[T any](all []T, p Paging, code func(T) string) (*Output[List[T]], error) {
	first := 0
	for first < len(all) && p.After != "" && code(all[first]) <= p.After {
		first++
	}
	rest := all[first:]
	out := List[T]{Items: rest[:min(p.Limit, len(rest)):min(p.Limit, len(rest))]}
	if out.Items == nil {
		out.Items = []T{}
	}
	if len(rest) > p.Limit {
		out.Next = code(rest[p.Limit-1])
	}
	return Reply(out, nil)
}

// CutAt cuts a page off rows that were read one beyond it, and says where the
// next page begins: after the last row given.
func CutAt[T any](rows []T, most int, name func(T) string) (page []T, next string) {
	if len(rows) <= most {
		return rows, ""
	}
	return rows[:most], name(rows[most-1])
}
