-- +goose Up
-- What counts for a case besides its dates: whose calendar, and when its clock
-- was stopped.
alter table cases add column calendar text not null default ''; -- by name, fixed at opening; '' is the district's
alter table cases add column counts_from bigint not null default 0; -- the start of the promise; 0: it was given elsewhere and is not counted here
update cases set counts_from = opened_at;
alter table cases add column held_at bigint not null default 0; -- since when the clock stands, 0 while it runs
alter table cases add column extended bigint not null default 0; -- how much longer its limit was made, in the limit's unit
alter table cases add column bounces bigint not null default 0; -- how often it changed hands: returned, refused, sent again

alter table cases add column on_account boolean not null default false; -- was put on account: left out of what is on time

alter table tasks add column limit_text text not null default ''; -- a limit of its own; '' stands on the case's promise
alter table tasks add column held_at bigint not null default 0;
alter table tasks add column rung bigint not null default 0; -- how many rungs of supervision have been taken
alter table tasks add column rung_at bigint not null default 9223372036854775807; -- when the sweep must look next
alter table tasks add column overdue boolean not null default false; -- the breach is already noted
update tasks set rung_at = near_at where state = 'open' and not reporter;
create index tasks_rung on tasks (district, rung_at) where state = 'open' and rung_at < 9223372036854775807;

alter table matters add column limits text not null default ''; -- by class of urgency: A=2 hours;B=4 working-hours

alter table ratings add column contacted text not null default ''; -- yes, no, '' where nobody asked

-- Pauses and extensions: who asked, who decided, from when, to when, why.
create table ledger (
	district       text   not null,
	id             text   not null,
	case_id        text   not null,
	task           text   not null,
	step           text   not null,
	kind           text   not null, -- extension, or a kind of pause of the pack
	state          text   not null, -- asked, running, granted, refused, ended, lapsed, withdrawn
	on_account     boolean not null, -- put on account: counted openly, but not for or against being on time
	reason         text   not null,
	unit           text   not null, -- that asked
	approver       text   not null, -- role that decides
	asked_by       text   not null, -- post
	asked_person   text   not null,
	asked_at       bigint not null,
	decided_by     text   not null,
	decided_person text   not null,
	decided_at     bigint not null,
	decision       text   not null, -- the reason given
	from_at        bigint not null, -- since when the clock stands; 0 for an extension
	until_at       bigint not null, -- when it ends, or lapses undecided, by itself
	ended_at       bigint not null, -- 0 until then
	added          bigint not null, -- how much longer, in the unit of the limit; 0 for a pause
	primary key (district, id)
);
create index ledger_case on ledger (district, case_id, asked_at);
create index ledger_asked on ledger (district, asked_at) where state = 'asked';
create index ledger_account on ledger (district, case_id) where on_account;

-- A counting again of all open dates, batch by batch.
create table reckonings (
	district text   not null,
	id       text   not null,
	cause    text   not null, -- calendar, limit, threshold
	why_zh   text   not null,
	why_en   text   not null,
	by_post  text   not null,
	at       bigint not null,
	cursor   text   not null, -- the last case looked at
	seen     bigint not null,
	moved    bigint not null, -- cases and tasks with a new date
	units    text   not null, -- JSON: of how many dates each unit is to be told
	done_at  bigint not null, -- 0 until then
	primary key (district, id)
);
create index reckonings_at on reckonings (district, at);

-- What a reporter sent in later, when asked for more. It may name people and so
-- is not in the trail.
create table supplements (
	district text   not null,
	id       text   not null,
	case_id  text   not null,
	task     text   not null,
	text     text   not null,
	at       bigint not null,
	primary key (district, id)
);
create index supplements_case on supplements (district, case_id, at);
