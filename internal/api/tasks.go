package api

import (
	"context"
	"net/http"

	"linli/internal/casework"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// Waiting is a task with its case.
type Waiting struct {
	Task Task `json:"task"`
	Case Case `json:"case"`
}

type tasksInput struct {
	CasesAsked
	Part  string `query:"part" enum:"lead,co" doc:"主办还是协办 · Lead or help"`
	Count bool   `query:"count" doc:"顺便数一共多少 · Count all of them too"`
	After string `query:"after" maxLength:"200" doc:"上一页的 next · next of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (in *tasksInput) cursor() *string { return &in.After }

// Tasks is a page of a queue.
type Tasks struct {
	Items []Waiting `json:"items"`
	Next  string    `json:"next,omitempty" doc:"下一页的 after；没有就是最后一页 · after of the next page; missing on the last"`
	Total *Total    `json:"total,omitempty"`
}

type tasksOutput struct{ Body Tasks }

func (o *tasksOutput) nextCursor() *string { return &o.Body.Next }

// Decision is something that waits for the caller's decision.
type Decision struct {
	Ask  Ask  `json:"ask"`
	Case Case `json:"case"`
}

func (d *door) taskOperations() {
	acting(d, told("list-tasks", http.MethodGet, "/tasks", "tasks", "我的待办 · My queue",
		"轮到自己岗位的任务，急的在前；条件和案件列表的一样，信号和期限按任务的算。 · The tasks that wait for the own posts, most urgent first. The conditions of the list of cases; signal and date are the task's."), rights.CaseSee, d.listTasks)
	acting(d, told("list-taken", http.MethodGet, "/tasks/taken", "tasks", "我领着的 · What I have taken up", "接了手、还没办完的。 · Taken up and not done yet."), rights.CaseSee, d.listTaken)
	acting(d, told("list-decisions", http.MethodGet, "/tasks/decisions", "tasks", "待我批的 · What waits for my decision",
		"暂停和延期的申请，等得久的在前。 · Requests for pauses and more time, the longest waiting first."), rights.DelayApprove, d.listDecisions)
}

func (d *door) listTasks(ctx context.Context, c *caller, in *tasksInput) (*tasksOutput, error) {
	f, err := in.filter(c)
	if err != nil {
		return nil, err
	}
	f.Scope, f.Queue = nil, &casework.Queue{Posts: c.Working()} // a queue is a scope of its own: what the posts may do
	if in.Part != "" {
		f.Queue.Parts = []procedure.Part{procedure.Part(in.Part)}
	}
	p, err := casework.List(ctx, d.house.DB, c.District, f, c.Now, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &tasksOutput{Tasks{Items: make([]Waiting, len(p.Rows)), Next: p.Next}}
	for i, row := range p.Rows {
		out.Body.Items[i] = Waiting{taskOf(c, row.Case, row.Task), caseOf(c, row.Case)}
	}
	if in.Count {
		t, err := casework.Count(ctx, d.house.DB, c.District, f, c.Now)
		if err != nil {
			return nil, err
		}
		out.Body.Total = &Total{t.N, t.Over}
	}
	return out, nil
}

// listTaken gives what the caller has taken up, of the cases still to be seen.
func (d *door) listTaken(ctx context.Context, c *caller, _ *struct{}) (*output[Whole[Waiting]], error) {
	tasks, err := casework.TakenBy(ctx, d.house.DB, c.District.Code, string(c.Reader.Person.ID))
	if err != nil {
		return nil, err
	}
	ids := make([]casework.ID, len(tasks))
	for i, t := range tasks {
		ids[i] = t.Case
	}
	seen, err := casework.Within(ctx, d.house.DB, c.District, c.scope(), c.Now, ids...)
	if err != nil {
		return nil, err
	}
	var all []Waiting
	for _, t := range tasks {
		if !seen[t.Case] {
			continue
		}
		one, err := casework.ByID(ctx, d.house.DB, c.District.Code, t.Case) // people take up a handful
		if err != nil {
			return nil, err
		}
		all = append(all, Waiting{taskOf(c, one, t), caseOf(c, one)})
	}
	return wholeOf(all, nil)
}

func (d *door) listDecisions(ctx context.Context, c *caller, _ *struct{}) (*output[Whole[Decision]], error) {
	rows, err := casework.AskedOf(ctx, d.house.DB, c.District, c.Actors())
	var all []Decision
	for _, row := range rows {
		all = append(all, Decision{askOf(c, row.Case, nil, row.Entry), caseOf(c, row.Case)})
	}
	return wholeOf(all, err)
}
