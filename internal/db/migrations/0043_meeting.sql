-- +goose Up
-- Duties that grids and communities take (准入): what is beside this list may be refused.
create table admissions (
	district        text   not null,
	id              text   not null,
	matter          text   not null, -- its code or how the codes begin; '' for a duty that is no matter, such as a form
	duty_zh         text   not null,
	duty_en         text   not null,
	proposed_by     text   not null, -- the unit whose duty it is otherwise
	proposed_person text   not null, -- who wrote it down
	basis           text   not null, -- the rule or document it rests on
	units           text   not null, -- the stations it is for, between commas; '' for all
	minutes         bigint not null, -- of a grid's time in a month
	forms           text   not null, -- what is to be filled in
	from_date       text   not null,
	to_date         text   not null, -- '' until it is ended
	state           text   not null, -- proposed, approved, declined
	approved_by     text   not null, -- the body that approved it
	approved_on     text   not null,
	decided_person  text   not null,
	reason          text   not null, -- why it was declined or ended
	at              bigint not null,
	primary key (district, id)
);
create unique index admissions_duty on admissions (district, proposed_by, duty_zh, from_date);
create index admissions_matter on admissions (district, state, matter);

-- Coordination meetings (协调会) and what they settle.
create table meetings (
	district   text   not null,
	id         text   not null,
	year       bigint not null,
	serial     bigint not null, -- of the year, from 1
	title      text   not null,
	place      text   not null,
	starts_at  bigint not null,
	chair      text   not null, -- the post that presides, '' while open
	units      text   not null, -- those called, between commas
	state      text   not null, -- planned, held, closed, cancelled
	minutes    text   not null,
	reason     text   not null, -- why it was called off
	planned_at bigint not null,
	held_at    bigint not null,
	closed_at  bigint not null,
	revision   bigint not null, -- compared by every change
	primary key (district, id)
);
create unique index meetings_serial on meetings (district, year, serial);
create index meetings_starts on meetings (district, starts_at);

-- A point of an agenda, and from its decision on a task for a unit.
create table meeting_items (
	district   text   not null,
	id         text   not null,
	meeting    text   not null,
	seq        bigint not null,
	case_id    text   not null, -- '' for a point without a case
	number     text   not null, -- of the case
	matter     text   not null, -- of the case
	why        text   not null, -- bounced, untouched, no-owner, overdue, by-hand
	question   text   not null,
	state      text   not null, -- open, decided, noted, done, dropped, deferred, carried
	decision   text   not null,
	unit       text   not null, -- that carries it out, '' where nobody has to
	co         text   not null, -- units that help, between commas
	settled    text   not null, -- what it did to the case: owner, ruling or ''
	limit_text text   not null,
	near_at    bigint not null,
	due        bigint not null,
	decided_at bigint not null,
	done_at    bigint not null,
	done_by    text   not null,
	done_post  text   not null,
	done_text  text   not null,
	reason     text   not null, -- why it was dropped or taken back
	primary key (district, id)
);
create unique index meeting_items_seq on meeting_items (district, meeting, seq);
create index meeting_items_case on meeting_items (district, case_id) where case_id <> '';
create index meeting_items_unit on meeting_items (district, unit, due) where state = 'decided';
create index meeting_items_deferred on meeting_items (district, meeting) where state = 'deferred';
