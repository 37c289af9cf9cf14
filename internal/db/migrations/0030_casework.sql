-- +goose Up
-- How far each day's serials have been handed out, in blocks.
create table case_serials (
	district text   not null,
	day      text   not null, -- YYMMDD
	next     bigint not null,
	primary key (district, day)
);

create table cases (
	district    text   not null,
	id          text   not null,
	number      text   not null, -- digits with a check digit, read over the phone
	matter      text   not null,
	major       text   not null, -- the matter's top group, for filters
	kind        text   not null, -- event, component, consult, help …
	procedure   text   not null,
	version     text   not null, -- of the procedure, fixed at opening
	title       text   not null,
	text        text   not null,
	address     text   not null,
	lon         double precision not null,
	lat         double precision not null,
	placed      text   not null, -- point, address, area, none: how the place is known
	street      text   not null,
	community   text   not null,
	grid        text   not null,
	channel     text   not null, -- of the first report
	urgency     text   not null,
	secret      boolean not null, -- who reported is kept from the handler
	danger      boolean not null, -- people may come to harm
	reachable   boolean not null, -- somebody can be asked how it went
	receiver    text   not null, -- the unit that took it in and stays responsible
	unit        text   not null, -- the unit that leads, '' while undecided
	co          text   not null, -- units that help, between commas
	proposed    text   not null, -- the unit the routing proposes
	proposal    text   not null, -- JSON of the choices and why
	no_owner    boolean not null, -- no rule names an owner; stays until ruled
	state       text   not null, -- open, closed, answered, rejected, merged
	step        text   not null, -- the step it stands in, '' once ended
	opened_at   bigint not null,
	near_at     bigint not null, -- when its signal turns to nearing
	due         bigint not null,
	due_text    text   not null, -- the limit the due instant was computed from
	provisional boolean not null, -- the calendar of a needed year is missing
	closed_at   bigint not null,
	on_time     boolean not null, -- the verdict, once ended
	reports     bigint not null,
	returns     bigint not null,
	round       bigint not null, -- 1, and one more for each rework or reopening
	rating      bigint not null, -- 1 … 5, 0 while not rated
	merged_into text   not null,
	moved_at    bigint not null, -- when anything last happened
	revision    bigint not null, -- compared by every change
	primary key (district, id)
);
create unique index cases_number on cases (district, number);
create index cases_opened on cases (district, opened_at);
create index cases_state on cases (district, state, opened_at) where state not in ('open', 'closed'); -- the rare ones
create index cases_street on cases (district, street, opened_at);
create index cases_community on cases (district, community, opened_at);
create index cases_grid on cases (district, grid, opened_at);
create index cases_unit on cases (district, unit, opened_at) where unit <> '';
create index cases_matter on cases (district, matter, opened_at);
create index cases_major on cases (district, major, opened_at);
create index cases_channel on cases (district, channel, opened_at);
create index cases_kind on cases (district, kind, opened_at);
create index cases_rated on cases (district, rating, opened_at) where rating > 0;
create index cases_open on cases (district, due) where state = 'open';
create index cases_place on cases (district, lat, lon) where state = 'open';
create index cases_no_owner on cases (district, opened_at) where no_owner;

create table tasks (
	district text   not null,
	id       text   not null,
	case_id  text   not null,
	step     text   not null,
	part     text   not null, -- lead, co
	unit     text   not null,
	role     text   not null,
	area     text   not null,
	person   text   not null, -- who took it up, '' while it is the unit's
	state    text   not null, -- open, done, returned, cancelled, expired
	action   text   not null,
	done_by  text   not null,
	done_post text  not null,
	round    bigint not null,
	final    boolean not null, -- given by a ruling, cannot be returned
	reporter boolean not null, -- waits for the resident, not for a unit
	opened_at bigint not null,
	near_at  bigint not null,
	due      bigint not null,
	done_at  bigint not null,
	primary key (district, id)
);
create index tasks_case on tasks (district, case_id, opened_at);
create index tasks_unit on tasks (district, unit, due) where state = 'open';
create index tasks_area on tasks (district, area, due) where state = 'open';

-- What people sent. A case gathers one or several.
create table reports (
	district  text   not null,
	id        text   not null,
	case_id   text   not null,
	channel   text   not null, -- portal, hotline, counter, grid-worker, machine …
	sender    text   not null, -- the channel's own reference, '' if it has none
	at        bigint not null,
	text      text   not null,
	address   text   not null,
	lon       double precision not null,
	lat       double precision not null,
	flag      text   not null, -- what is odd about the place: placeholder, outside
	name      text   not null, -- sealed
	phone     text   not null, -- sealed
	phone_index text not null, -- blind index of the whole number
	tail_index text  not null, -- blind index of its last four digits
	word      text   not null, -- hash of the secret word that opens the tracking page
	lang      text   not null,
	post      text   not null, -- the post that took it down, '' from outside
	primary key (district, id)
);
create unique index reports_sender on reports (district, channel, sender) where sender <> '';
create index reports_case on reports (district, case_id, at);
create index reports_phone on reports (district, phone_index, at) where phone_index <> '';
create index reports_tail on reports (district, tail_index, at) where tail_index <> '';

create table ratings (
	district text   not null,
	id       text   not null,
	case_id  text   not null,
	report   text   not null,
	round    bigint not null,
	grade    bigint not null, -- 5 very content … 1 very discontent
	text     text   not null,
	at       bigint not null,
	primary key (district, id)
);
create index ratings_case on ratings (district, case_id, at);

create table saved_filters (
	district text   not null,
	id       text   not null,
	person   text   not null,
	name     text   not null,
	query    text   not null,
	at       bigint not null,
	primary key (district, id)
);
create index saved_filters_person on saved_filters (district, person, at);
