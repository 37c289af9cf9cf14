-- +goose Up
-- A post may end at a minute of a day, before its last day is over.
alter table posts add column ends_at bigint not null default 9223372036854775807;

-- Who stands in for the holder of a post, from one minute to another.
create table standins (
	district text    not null,
	id       text    not null,
	post     text    not null,
	person   text    not null, -- who stands in
	from_at  bigint  not null,
	to_at    bigint  not null,
	keeps    boolean not null, -- whether the holder keeps the post's rights meanwhile
	why      text    not null,
	given_by text    not null, -- person; '' by the command line
	ended_at bigint  not null, -- 9223372036854775807 where it was not ended early
	primary key (district, id)
);
create index standins_post on standins (district, post);

-- Everyone beside who closed it that had a hand in a task: who was stood in for,
-- who had taken it up before. None of them checks the work.
alter table tasks add column hands text not null default ''; -- people, between commas
create index tasks_taken on tasks (district, person) where person <> '' and state = 'open';
create index cases_merged on cases (district, merged_into) where merged_into <> '';

-- Who was stood in for as something was asked: neither decides on it.
alter table ledger add column asked_for text not null default '';
