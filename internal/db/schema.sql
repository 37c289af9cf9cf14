-- The SQLite schema after all migrations, for reading: nothing runs this file.
-- go test ./internal/db -run TestSchema -update writes it anew.

CREATE TABLE accounts (
	district text    not null,
	login    text    not null, -- lower case
	password text    not null, -- argon2id, with its parameters
	person   text    not null,
	active   boolean not null,
	created  bigint  not null,
	primary key (district, login)
);

CREATE TABLE areas (
	district   text not null,
	code       text not null, -- 6, 9, 12 or 15 digits; the parent is the prefix
	tier       text not null, -- district, street, community, grid
	name       text not null,
	name_en    text not null,
	kind       text not null, -- of a grid: basic or exclusive
	members    text not null, -- one a line: what an exclusive grid is made of, or house numbers
	valid_from text not null, -- '' from ever
	valid_to   text not null, -- last day, '' for ever
	primary key (district, code)
);

CREATE TABLE case_docs (
	doc      integer primary key,
	district text not null,
	case_id  text not null,
	unique (district, case_id)
);

CREATE TABLE case_serials (
	district text   not null,
	day      text   not null, -- YYMMDD
	next     bigint not null,
	primary key (district, day)
);

CREATE VIRTUAL TABLE case_text using fts5 (pieces, content='', contentless_delete=1, detail='full', tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'");

CREATE TABLE cases (
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

CREATE INDEX cases_channel on cases (district, channel, opened_at);

CREATE INDEX cases_community on cases (district, community, opened_at);

CREATE INDEX cases_grid on cases (district, grid, opened_at);

CREATE INDEX cases_kind on cases (district, kind, opened_at);

CREATE INDEX cases_major on cases (district, major, opened_at);

CREATE INDEX cases_matter on cases (district, matter, opened_at);

CREATE INDEX cases_no_owner on cases (district, opened_at) where no_owner;

CREATE UNIQUE INDEX cases_number on cases (district, number);

CREATE INDEX cases_open on cases (district, due) where state = 'open';

CREATE INDEX cases_opened on cases (district, opened_at);

CREATE INDEX cases_place on cases (district, lat, lon) where state = 'open';

CREATE INDEX cases_rated on cases (district, rating, opened_at) where rating > 0;

CREATE INDEX cases_state on cases (district, state, opened_at) where state not in ('open', 'closed');

CREATE INDEX cases_street on cases (district, street, opened_at);

CREATE INDEX cases_unit on cases (district, unit, opened_at) where unit <> '';

CREATE TABLE documents (
	district text   not null,
	id       text   not null,
	subject  text   not null, -- a case or a report
	kind     text   not null, -- before, after, evidence, other
	name     text   not null, -- as its sender called it, cleaned
	type     text   not null, -- media type of what is stored
	size     bigint not null,
	width    bigint not null,
	height   bigint not null,
	sha256   text   not null,
	at       bigint not null,
	by_post  text   not null, -- '' for a resident
	primary key (district, id)
);

CREATE INDEX documents_subject on documents (district, subject, at, id);

CREATE TABLE forms (
	district     text   not null,
	name         text   not null,
	version      text   not null,
	source       text   not null, -- YAML
	installed_at bigint not null,
	primary key (district, name)
);

CREATE TABLE ground (
	district text not null,
	name     text not null, -- roads, ground
	geojson  text not null,
	primary key (district, name)
);

CREATE TABLE jobs (
	district text   not null,
	kind     text   not null,
	key      text   not null, -- the same work asked twice is done once
	args     text   not null, -- JSON
	run_at   bigint not null,
	attempts bigint not null default 0,
	error    text   not null default '',
	parked   boolean not null default false, -- given up until someone looks
	primary key (district, kind, key)
);

CREATE INDEX jobs_due on jobs (run_at) where not parked;

CREATE TABLE keys (
	district text   not null,
	id       text   not null,
	name     text   not null,
	hash     text   not null,
	scopes   text   not null, -- rights with spaces between
	created  bigint not null,
	expires  bigint not null,
	primary key (district, id)
);

CREATE TABLE matters (
	district   text    not null,
	code       text    not null,
	parent     text    not null, -- '' at the top
	kind       text    not null, -- component, event, consult, ..., group
	title_zh   text    not null,
	title_en   text    not null,
	urgency    text    not null, -- A to F
	time_limit text    not null, -- '5 working-days'
	procedure  text    not null,
	form       text    not null,
	filing_zh  text    not null,
	filing_en  text    not null,
	closing_zh text    not null,
	closing_en text    not null,
	basis      text    not null, -- ;-separated
	words      text    not null, -- ;-separated
	secret     boolean not null,
	valid_from text    not null, -- '' from ever
	valid_to   text    not null, -- last day, '' for ever
	primary key (district, code)
);

CREATE TABLE messages (
	district  text   not null,
	id        text   not null,
	case_id   text   not null,
	report_id text   not null, -- of a reporter's message, else ''
	to_kind   text   not null, -- reporter, unit, post
	to_ref    text   not null, -- the report, unit or post
	channel   text   not null,
	template  text   not null,
	text_zh   text   not null,
	text_en   text   not null,
	at        bigint not null,
	state     text   not null, -- queued, sent, failed, read
	sent_at   bigint not null,
	error     text   not null,
	primary key (district, id)
);

CREATE INDEX messages_case on messages (district, case_id, at, id);

CREATE INDEX messages_unread on messages (district, to_kind, to_ref, at, id) where state = 'sent' and to_kind <> 'reporter';

CREATE TABLE outlines (
	district   text not null,
	code       text not null,
	valid_from text not null,
	valid_to   text not null,
	geojson    text not null, -- Polygon or MultiPolygon, CGCS2000
	primary key (district, code, valid_from)
);

CREATE TABLE packs (
	district     text   not null,
	name         text   not null,
	title_zh     text   not null,
	title_en     text   not null,
	version      text   not null,
	installed_at bigint not null,
	primary key (district, name)
);

CREATE TABLE people (
	district text not null,
	id       text not null,
	login    text not null,
	name     text not null,
	phone    text not null,
	primary key (district, id)
);

CREATE UNIQUE INDEX people_login on people (district, login);

CREATE TABLE posts (
	district  text not null,
	id        text not null,
	person    text not null,
	role      text not null,
	unit      text not null,
	area      text not null, -- '' for all areas of the unit
	from_date text not null, -- '' from ever
	to_date   text not null, -- last day, '' for ever
	primary key (district, id)
);

CREATE UNIQUE INDEX posts_once on posts (district, person, role, unit, area, from_date);

CREATE TABLE procedures (
	district     text    not null,
	name         text    not null,
	version      text    not null, -- first 12 hex digits of the SHA-256 of the source
	source       text    not null, -- YAML
	current      boolean not null, -- what new cases take
	installed_at bigint  not null,
	primary key (district, name, version)
);

CREATE TABLE ratings (
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

CREATE INDEX ratings_case on ratings (district, case_id, at);

CREATE TABLE reports (
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

CREATE INDEX reports_case on reports (district, case_id, at);

CREATE INDEX reports_phone on reports (district, phone_index, at) where phone_index <> '';

CREATE UNIQUE INDEX reports_sender on reports (district, channel, sender) where sender <> '';

CREATE INDEX reports_tail on reports (district, tail_index, at) where tail_index <> '';

CREATE TABLE routes (
	district  text   not null,
	line      bigint not null,
	matter    text   not null, -- a code or its beginning, '' for any
	area      text   not null, -- a code or its beginning, '' for any
	hours     text   not null, -- office, off-office, 18:00-08:00, '' for always
	unit      text   not null,
	co        text   not null, -- ;-separated
	reason_zh text   not null,
	reason_en text   not null,
	weight    bigint not null, -- 0: written by somebody; otherwise learned
	origin    text   not null, -- file and line
	primary key (district, line)
);

CREATE TABLE saved_filters (
	district text   not null,
	id       text   not null,
	person   text   not null,
	name     text   not null,
	query    text   not null,
	at       bigint not null,
	primary key (district, id)
);

CREATE INDEX saved_filters_person on saved_filters (district, person, at);

CREATE TABLE sessions (
	district text   not null,
	token    text   not null, -- hash of the cookie's
	data     text   not null,
	expiry   bigint not null,
	primary key (district, token)
);

CREATE INDEX sessions_expiry on sessions (district, expiry);

CREATE TABLE settings (
	district text not null,
	name     text not null,
	value    text not null,
	primary key (district, name)
);

CREATE TABLE signin_failures (
	district text   not null,
	login    text   not null,
	failures bigint not null,
	last_at  bigint not null,
	next_at  bigint not null, -- when the next try is looked at
	primary key (district, login)
);

CREATE TABLE tasks (
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

CREATE INDEX tasks_area on tasks (district, area, due) where state = 'open';

CREATE INDEX tasks_case on tasks (district, case_id, opened_at);

CREATE INDEX tasks_unit on tasks (district, unit, due) where state = 'open';

CREATE TABLE trail (
	district text   not null,
	subject  text   not null, -- a case, or another thing with a history
	seq      bigint not null, -- 1, 2, 3 … within the subject
	at       bigint not null,
	person   text   not null, -- '' for the program itself or a resident
	post     text   not null,
	unit     text   not null,
	act      text   not null, -- opened, dispatched, returned …
	step     text   not null,
	detail   text   not null, -- JSON of the act's facts; no personal data
	before   text   not null, -- hash of the entry before it
	hash     text   not null,
	primary key (district, subject, seq)
);

CREATE TABLE unit_areas (
	district text not null,
	unit     text not null,
	area     text not null,
	primary key (district, unit, area)
);

CREATE TABLE units (
	district   text not null,
	code       text not null,
	name       text not null,
	name_en    text not null,
	kind       text not null, -- department, street-office, community-station, centre, company, partner
	parent     text not null, -- another unit, '' for none
	phone      text not null, -- of the office
	calendar   text not null, -- whose hours it keeps, '' for the district's
	valid_from text not null, -- '' from ever
	valid_to   text not null, -- last day, '' for ever
	primary key (district, code)
);
