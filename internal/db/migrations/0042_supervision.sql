-- +goose Up
-- What supervision asked of a unit: reminders, urgings, orders, what went to a
-- leader, and what a unit was held to account for.
create table orders (
	district    text   not null,
	id          text   not null,
	kind        text   not null, -- remind, urge, order, leader, accountability
	state       text   not null, -- told, asked, answered, lifted, upheld, dropped
	case_id     text   not null, -- the first piece of evidence, of an accountability case
	number      text   not null, -- of the case
	matter      text   not null, -- of the case
	task        text   not null, -- '' where the case as a whole is meant
	step        text   not null, -- of the task
	unit        text   not null,
	rung        text   not null, -- '' by hand
	level       bigint not null, -- of supervision, 0 below the first
	form        text   not null, -- daily, listed, talk …, '' for none
	fault       text   not null, -- of an accountability case
	means       text   not null, -- what followed, once upheld
	reason      text   not null,
	by_unit     text   not null, -- '' for the clock
	by_post     text   not null,
	by_person   text   not null,
	at          bigint not null,
	reply_due   bigint not null,
	reply       text   not null,
	replied_at  bigint not null,
	reply_post  text   not null,
	reply_person text  not null,
	ended_at    bigint not null, -- lifted or decided
	ended_post  text   not null,
	ended_person text  not null,
	decision    text   not null, -- why it was lifted, upheld or dropped
	primary key (district, id)
);
create unique index orders_rung on orders (district, task, rung) where rung <> ''; -- each rung of a task once
create index orders_case on orders (district, case_id, at);
create index orders_at on orders (district, at);
create index orders_unit on orders (district, unit, at);
create index orders_running on orders (district, unit, reply_due) where state in ('asked', 'answered');

-- Which entries of which trails an accountability case rests on.
create table order_evidence (
	district text   not null,
	order_id text   not null,
	case_id  text   not null,
	seq      bigint not null,
	number   text   not null, -- of the case
	primary key (district, order_id, case_id, seq)
);
create index order_evidence_case on order_evidence (district, case_id);

-- Leaders on duty (领导值班), per day and level.
create table duties (
	district    text   not null,
	id          text   not null,
	area        text   not null, -- the district's code, or a street's
	day         text   not null,
	from_minute bigint not null, -- after midnight
	to_minute   bigint not null, -- at or before from: on the next day
	unit        text   not null,
	post        text   not null,
	phone       text   not null, -- of the office, for the public
	primary key (district, id)
);
create unique index duties_turn on duties (district, area, day, from_minute);
create index duties_day on duties (district, day, area);

-- The colour board counts everything that is open: it reads these two alone,
-- not the wide rows beneath.
create index tasks_board on tasks (district, unit, area, near_at, due, held_at, rung) where state = 'open' and not reporter;
create index cases_board on cases (district, street, grid, near_at, due, held_at) where state = 'open';
