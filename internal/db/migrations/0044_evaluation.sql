-- +goose Up
-- Scorecards are counted from what was done in a month, whoever it was done to.
create index trail_at on trail (district, at);

-- A period that has been counted: open to appeal, then frozen.
create table periods (
	district  text   not null,
	period    text   not null, -- 2026-11, 2026-Q4, 2026
	state     text   not null, -- preliminary, frozen; one that is not here is open
	book      text   not null, -- YAML of the indicators it was counted with
	counted_at bigint not null,
	frozen_at bigint not null, -- 0 while it is not
	frozen_by text   not null, -- the post
	primary key (district, period)
);

-- One indicator of one subject for a counted period.
create table figures (
	district    text   not null,
	period      text   not null,
	subject     text   not null, -- district, unit:CODE, street:CODE, community:CODE, grid:CODE, post:ID
	indicator   text   not null,
	numerator   double precision not null,
	denominator bigint not null,
	value       double precision not null,
	score       double precision not null,
	empty       boolean not null, -- nothing was there to count
	primary key (district, period, subject, indicator)
);

-- The cases behind a figure, named by their place in the period's lists of cases.
create table figure_cases (
	district  text not null,
	period    text not null,
	subject   text not null,
	indicator text not null,
	cases     text not null, -- packed: case, entry of its trail, whether in the numerator
	primary key (district, period, subject, indicator)
);
create table period_cases (
	district text   not null,
	period   text   not null,
	part     bigint not null, -- 0, 1, 2 …
	cases    text   not null, -- ids and numbers, in the order of the lists
	primary key (district, period, part)
);

create table cards (
	district   text   not null,
	period     text   not null,
	assessment text   not null,
	subject    text   not null,
	score      double precision not null,
	grade      text   not null,
	vetoed     text   not null, -- indicators whose veto holds, between commas
	sections   text   not null, -- JSON: what each section came to
	primary key (district, period, assessment, subject)
);

-- A unit says that a case should not count against it.
create table appeals (
	district       text   not null,
	id             text   not null,
	period         text   not null,
	subject        text   not null,
	indicator      text   not null,
	case_id        text   not null,
	reason         text   not null,
	by_person      text   not null,
	by_post        text   not null,
	by_unit        text   not null,
	at             bigint not null,
	state          text   not null, -- asked, struck, kept
	decided_person text   not null,
	decided_post   text   not null,
	decided_at     bigint not null,
	decision       text   not null, -- why
	primary key (district, id)
);
create unique index appeals_once on appeals (district, period, subject, indicator, case_id);

-- What others than the government say of a unit, in marks of 0 to 100.
create table reviews (
	district  text   not null,
	id        text   not null,
	period    text   not null,
	unit      text   not null,
	body      text   not null, -- congress 人大, consultative 政协, media 媒体, inspectors 市民巡访团
	score     double precision not null,
	note      text   not null,
	by_person text   not null,
	by_post   text   not null,
	at        bigint not null,
	primary key (district, id)
);
create unique index reviews_once on reviews (district, period, unit, body);

-- What each unit did each day, for boards and lines; counted again every few minutes.
create table unit_days (
	district     text   not null,
	day          text   not null,
	unit         text   not null, -- '' for what was no unit's
	received     bigint not null,
	filed        bigint not null,
	kept         bigint not null, -- promises
	broken       bigint not null,
	done         bigint not null, -- tasks
	returned     bigint not null,
	refused      bigint not null,
	ended        bigint not null,
	ended_late   bigint not null,
	rated        bigint not null,
	grades       bigint not null,
	primary key (district, day, unit)
);
create index unit_days_unit on unit_days (district, unit, day);

-- Yearly totals that were counted elsewhere, from before linli.
create table totals (
	district text   not null,
	period   text   not null,
	subject  text   not null,
	what     text   not null, -- received, filed, closed …
	n        bigint not null,
	source   text   not null, -- file:line
	primary key (district, period, subject, what)
);
