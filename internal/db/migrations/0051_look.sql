-- +goose Up
-- Masked fields that were shown: the person concerned reads this.
create table looks (
	district  text   not null,
	id        text   not null,
	report_id text   not null, -- whose fields
	case_id   text   not null, -- that it served
	at        bigint not null,
	person    text   not null, -- who looked, with which post
	post      text   not null,
	unit      text   not null,
	role      text   not null,
	purpose   text   not null,
	fields    text   not null, -- name, phone, address, between commas
	kind      text   not null, -- of the reason
	reason    text   not null, -- in words
	own       boolean not null, -- the case had a task for the post, or the post took the report down
	primary key (district, id)
);
create index looks_report on looks (district, report_id, at);
create index looks_person on looks (district, person, at);

-- That the person is told of a look later, by law.
create table look_delays (
	district       text   not null,
	id             text   not null,
	look_id        text   not null,
	nth            bigint not null, -- 1; 2 where it was made longer
	state          text   not null, -- asked, granted, refused
	law            text   not null, -- statute and article
	reason         text   not null,
	until          bigint not null,
	asked_person   text   not null,
	asked_post     text   not null,
	asked_unit     text   not null,
	asked_at       bigint not null,
	decided_person text   not null,
	decided_post   text   not null,
	decided_unit   text   not null,
	decided_at     bigint not null,
	decision       text   not null, -- why
	primary key (district, id)
);
create unique index look_delays_once on look_delays (district, look_id, nth);
create index look_delays_state on look_delays (district, state, asked_at);

-- How much somebody looked on a day, and what was unusual about it.
create table look_days (
	district text   not null,
	person   text   not null,
	day      text   not null,
	looks    bigint not null,
	signs    text   not null, -- between commas; empty while nothing is
	alarm_at bigint not null, -- when the administrators were told; 0 while they were not
	primary key (district, person, day)
);
create index look_days_alarm on look_days (district, alarm_at);
