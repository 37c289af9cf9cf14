package cases

import (
	"context"
	"net/http"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// Waiting is a task with its case.
type Waiting struct {
	Task Task       `json:"task"`
	Case shape.Case `json:"case"`
}

type tasksInput struct {
	CasesAsked
	Part  string `query:"part" enum:"lead,co" doc:"主办还是协办 · Lead or help"`
	Count bool   `query:"count" doc:"顺便数一共多少 · Count all of them too"`
	frame.ShortPaging
}

// Tasks is a page of a queue.
type Tasks struct {
	Items []Waiting `json:"items"`
	Next  string    `json:"next,omitempty" doc:"下一页的 after；没有就是最后一页 · after of the next page; missing on the last"`
	Total *Total    `json:"total,omitempty"`
}

// NextCursor is where the next page begins.
func (p *Tasks) NextCursor() *string { return &p.Next }

// Decision is something that waits for the caller's decision.
type Decision struct {
	Ask  Ask        `json:"ask"`
	Case shape.Case `json:"case"`
}

func taskOperations(d *frame.Door) {
	frame.Acting(d, frame.Told("list-tasks", http.MethodGet, "/tasks", tagTasks, "我的待办 · My queue",
		"轮到自己岗位的任务，急的在前；条件和案件列表的一样，信号和期限按任务的算。 · The tasks that wait for the own posts, most urgent first. The conditions of the list of cases; signal and date are the task's."), rights.CaseSee, listTasks)
	frame.Acting(d, frame.Told("list-taken", http.MethodGet, "/tasks/taken", tagTasks, "我领着的 · What I have taken up", "接了手、还没办完的。 · Taken up and not done yet."), rights.CaseSee, listTaken)
	frame.Acting(d, frame.Told("list-decisions", http.MethodGet, "/tasks/decisions", tagTasks, "待我批的 · What waits for my decision",
		"暂停和延期的申请，等得久的在前。 · Requests for pauses and more time, the longest waiting first."), rights.DelayApprove, listDecisions)
}

func listTasks(ctx context.Context, c *frame.Caller, in *tasksInput) (*frame.Output[Tasks], error) {
	f, err := in.filter(c)
	if err != nil {
		return nil, err
	}
	f.Scope, f.Queue = nil, &casework.Queue{Posts: c.Working()} // a queue is a scope of its own: what the posts may do
	if in.Part != "" {
		f.Queue.Parts = []procedure.Part{procedure.Part(in.Part)}
	}
	p, err := casework.List(ctx, c.House.DB, c.District, f, c.Now, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := Tasks{Items: make([]Waiting, len(p.Rows)), Next: p.Next}
	for i, row := range p.Rows {
		out.Items[i] = Waiting{taskOf(c, row.Case, row.Task), shape.CaseOf(c, row.Case)}
	}
	if in.Count {
		out.Total, err = totalOf(ctx, c, f)
	}
	return frame.Reply(out, err)
}

// listTaken gives what the caller has taken up, of the cases still to be seen.
func listTaken(ctx context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[Waiting]], error) {
	tasks, err := casework.TakenBy(ctx, c.House.DB, c.District.Code, string(c.Reader.Person.ID))
	if err != nil {
		return nil, err
	}
	ids := make([]casework.ID, len(tasks))
	for i, t := range tasks {
		ids[i] = t.Case
	}
	seen, err := c.SeenOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	var all []Waiting
	for _, t := range tasks {
		if !seen[t.Case] {
			continue
		}
		one, err := casework.ByID(ctx, c.House.DB, c.District.Code, t.Case) // people take up a handful
		if err != nil {
			return nil, err
		}
		all = append(all, Waiting{taskOf(c, one, t), shape.CaseOf(c, one)})
	}
	return frame.WholeOf(all, nil)
}

func listDecisions(ctx context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[Decision]], error) {
	rows, err := casework.AskedOf(ctx, c.House.DB, c.District, c.Actors())
	var all []Decision
	for _, row := range rows {
		all = append(all, Decision{askOf(c, row.Case, nil, row.Entry), shape.CaseOf(c, row.Case)})
	}
	return frame.WholeOf(all, err)
}
