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

CREATE TABLE admissions (
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

CREATE UNIQUE INDEX admissions_duty on admissions (district, proposed_by, duty_zh, from_date);

CREATE INDEX admissions_matter on admissions (district, state, matter);

CREATE TABLE appeals (
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

CREATE UNIQUE INDEX appeals_once on appeals (district, period, subject, indicator, case_id);

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

CREATE TABLE arrival_parts (
	district   text   not null,
	id         text   not null, -- text and part
	text       text   not null, -- blind index of who writes, and the sender's own number of the text
	part       bigint not null,
	parts      bigint not null, -- how many there are
	from_phone text   not null, -- sealed
	words      text   not null, -- sealed
	began_at   bigint not null, -- when the first of them came
	taken_at   bigint not null, -- 0 until the text is taken in
	primary key (district, id)
);

CREATE INDEX arrival_parts_text on arrival_parts (district, text);

CREATE TABLE arrivals (
	district   text   not null,
	channel    text   not null,
	ref        text   not null, -- the counterpart's own id
	from_index text   not null, -- blind index of who wrote
	shown      text   not null, -- who wrote, masked
	outcome    text   not null, -- report, supplement, bounce, stop, refused, unread
	why        text   not null,
	case_id    text   not null,
	report_id  text   not null,
	at         bigint not null, left_out text not null default '',
	primary key (district, channel, ref)
);

CREATE INDEX arrivals_at on arrivals (district, at, channel, ref);

CREATE INDEX arrivals_from on arrivals (district, from_index, at);

CREATE TABLE calendar_addresses (
	district text   not null,
	id       text   not null,
	login    text   not null, -- the account whose posts it shows
	hash     text   not null, -- of the address
	created  bigint not null,
	used     bigint not null, -- last, to some minutes; 0 before the first
	primary key (district, id)
);

CREATE INDEX calendar_addresses_login on calendar_addresses (district, login);

CREATE TABLE calendars (
	district text   not null,
	name     text   not null, -- as units.calendar names it; standard is the district's own
	title_zh text   not null,
	title_en text   not null,
	source   text   not null, -- YAML
	file     text   not null, -- the name it was brought in under
	set_at   bigint not null,
	set_by   text   not null, -- person, '' for the command line
	primary key (district, name)
);

CREATE TABLE cards (
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
	revision    bigint not null, calendar text not null default '', counts_from bigint not null default 0, held_at bigint not null default 0, extended bigint not null default 0, bounces bigint not null default 0, on_account boolean not null default false, -- compared by every change
	primary key (district, id)
);

CREATE INDEX cases_board on cases (district, street, grid, near_at, due, held_at) where state = 'open';

CREATE INDEX cases_channel on cases (district, channel, opened_at);

CREATE INDEX cases_community on cases (district, community, opened_at);

CREATE INDEX cases_grid on cases (district, grid, opened_at);

CREATE INDEX cases_kind on cases (district, kind, opened_at);

CREATE INDEX cases_major on cases (district, major, opened_at);

CREATE INDEX cases_matter on cases (district, matter, opened_at);

CREATE INDEX cases_merged on cases (district, merged_into) where merged_into <> '';

CREATE INDEX cases_no_owner on cases (district, opened_at) where no_owner;

CREATE UNIQUE INDEX cases_number on cases (district, number);

CREATE INDEX cases_open on cases (district, due) where state = 'open';

CREATE INDEX cases_opened on cases (district, opened_at);

CREATE INDEX cases_place on cases (district, lat, lon) where state = 'open';

CREATE INDEX cases_rated on cases (district, rating, opened_at) where rating > 0;

CREATE INDEX cases_receiver on cases (district, receiver, opened_at) where receiver <> '';

CREATE INDEX cases_state on cases (district, state, opened_at) where state not in ('open', 'closed');

CREATE INDEX cases_street on cases (district, street, opened_at);

CREATE INDEX cases_unit on cases (district, unit, opened_at) where unit <> '';

CREATE TABLE consents (
	district     text   not null,
	id           text   not null,
	holder       text   not null, -- resident:ID or report:ID
	name         text   not null, -- of privacy.yaml
	version      bigint not null,
	given_at     bigint not null,
	withdrawn_at bigint not null, -- 0 while it stands
	how          text   not null, -- self, counter, phone, guardian
	post         text   not null, -- who took it down; '' for the person
	primary key (district, id)
);

CREATE INDEX consents_holder on consents (district, holder, name, given_at);

CREATE TABLE data_copies (
	district   text   not null,
	id         text   not null,
	request    text   not null,
	body       text   not null, -- sealed; '' once fetched or expired
	made_at    bigint not null,
	expires_at bigint not null,
	fetched_at bigint not null, -- 0 until then
	primary key (district, id)
);

CREATE UNIQUE INDEX data_copies_request on data_copies (district, request);

CREATE TABLE data_requests (
	district    text   not null,
	id          text   not null,
	case_id     text   not null,
	kind        text   not null, -- copy, correct, object, delete, explain, withdraw
	report      text   not null, -- the request's own report, by which it is followed
	resident    text   not null, -- whose data, where an account asked; '' otherwise
	about       text   not null, -- the one report it is about, where its secret word was shown; '' for all from the number
	phone_index text   not null, -- blind index of the number it is about; '' of one report, and once deleted
	from_at     bigint not null, -- what was reported from the number since
	to_at       bigint not null, -- and until
	shown       text   not null, -- how the person was known: account, word, counter, phone
	paper       text   not null, -- what a clerk saw; never its number
	agent       text   not null, -- the resident who asks for another; '' for oneself
	field       text   not null, -- to correct: name, phone
	value       text   not null, -- sealed: what is right; '' once carried out
	state       text   not null, -- asked, granted, refused, done
	law         text   not null, -- of a refusal
	asked_at    bigint not null,
	decided_at  bigint not null, -- 0 until then
	done_at     bigint not null, -- 0 until then
	by_person   text   not null, -- who decided
	by_post     text   not null,
	primary key (district, id)
);

CREATE UNIQUE INDEX data_requests_case on data_requests (district, case_id);

CREATE INDEX data_requests_resident on data_requests (district, resident, asked_at);

CREATE TABLE deliveries (
	district  text   not null,
	hook      text   not null,
	event     text   not null,
	place     bigint not null, -- of the event in the log; 0 for a test
	kind      text   not null,
	subject   text   not null,
	state     text   not null, -- queued, sent, failed, parked
	attempts  bigint not null,
	next_at   bigint not null,
	status    bigint not null, -- of the last answer, 0 for none
	why       text   not null, -- it failed last; '' where it did not
	queued_at bigint not null,
	tried_at  bigint not null,
	primary key (district, hook, event)
);

CREATE INDEX deliveries_newest on deliveries (district, hook, queued_at, event);

CREATE INDEX deliveries_standing on deliveries (district, hook, state, queued_at, event);

CREATE INDEX deliveries_waiting on deliveries (district, hook, attempts, place) where state in ('queued', 'failed');

CREATE TABLE devices (
	district text   not null,
	holder   text   not null,
	hash     text   not null, -- of the browser's mark
	agent    text   not null,
	first    bigint not null,
	seen     bigint not null,
	primary key (district, holder, hash)
);

CREATE TABLE disclosures (
	district  text    not null,
	id        text    not null,
	case_id   text    not null,
	post      text    not null, -- '' where it is open to a unit
	unit      text    not null, -- '' where it is open to a post
	photos    boolean not null, -- also those of before the work
	reason    text    not null,
	by_person text    not null,
	by_post   text    not null,
	from_at   bigint  not null,
	until_at  bigint  not null,
	ended_at  bigint  not null, -- when somebody ended it early; 0 for nobody
	primary key (district, id)
);

CREATE INDEX disclosures_case on disclosures (district, case_id);

CREATE INDEX disclosures_post on disclosures (district, post) where post <> '';

CREATE INDEX disclosures_unit on disclosures (district, unit) where unit <> '';

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

CREATE INDEX documents_file on documents (sha256);

CREATE INDEX documents_subject on documents (district, subject, at, id);

CREATE TABLE duties (
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

CREATE INDEX duties_day on duties (district, day, area);

CREATE UNIQUE INDEX duties_turn on duties (district, area, day, from_minute);

CREATE TABLE figure_cases (
	district  text not null,
	period    text not null,
	subject   text not null,
	indicator text not null,
	cases     text not null, -- packed: case, entry of its trail, whether in the numerator
	primary key (district, period, subject, indicator)
);

CREATE TABLE figures (
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

CREATE TABLE holds (
	district      text   not null,
	id            text   not null,
	kind          text   not null, -- case, person
	ref           text   not null, -- the case, or the blind index of the person's phone number
	why           text   not null,
	basis         text   not null, -- statute and article, or the order of a court
	from_at       bigint not null,
	until_at      bigint not null,
	by_person     text   not null,
	by_post       text   not null,
	lifted_at     bigint not null, -- 0 while it stands
	lifted_person text   not null,
	lifted_post   text   not null,
	lifted_why    text   not null,
	primary key (district, id)
);

CREATE INDEX holds_ref on holds (district, kind, ref);

CREATE TABLE hooks (
	district     text   not null,
	id           text   not null,
	name         text   not null,
	host         text   not null,
	url          text   not null, -- sealed: it may hold what lets one in
	secret       text   not null, -- sealed
	former       text   not null, -- sealed; the secret before, '' for none
	former_until bigint not null, -- until when that one signs too
	kinds        text   not null, -- of events, between commas; '' for every kind
	area         text   not null, -- '' for everywhere
	unit         text   not null, -- '' for any
	state        text   not null, -- on, paused, gone
	place        bigint not null, -- of the trail's log, up to which deliveries were written
	failures     bigint not null, -- in a row
	rests        bigint not null, -- until when it is left alone
	created      bigint not null,
	primary key (district, id)
);

CREATE TABLE imports (
	district text    not null,
	id       text    not null,
	what     text    not null, -- cases or past
	file     text    not null, -- its name, as it was sent
	person   text    not null, -- who brings it in
	dry      boolean not null, -- it is only tried
	state    text    not null, -- checking, writing, done, refused, failed, stopped
	done     bigint  not null, -- rows looked at, or written
	total    bigint  not null, -- rows to be written; 0 while they are looked at
	found    text    not null, -- what was found, once it has ended
	begun_at bigint  not null,
	beat_at  bigint  not null, -- when it was last heard of
	primary key (district, id)
);

CREATE INDEX imports_begun on imports (district, begun_at);

CREATE TABLE invitations (
	district text   not null,
	hash     text   not null, -- of the link's secret
	login    text   not null,
	person   text   not null,
	created  bigint not null,
	expires  bigint not null,
	used     bigint not null, -- 0 before
	primary key (district, hash)
);

CREATE TABLE jobs (
	district text   not null,
	kind     text   not null,
	key      text   not null, -- the same work asked twice is done once
	args     text   not null, -- JSON
	run_at   bigint not null,
	attempts bigint not null default 0,
	error    text   not null default '',
	parked   boolean not null default false, request text not null default '', -- given up until someone looks
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
	expires  bigint not null, unit text not null default '', area text not null default '', used bigint not null default 0, login text not null default '', post text not null default '',
	primary key (district, id)
);

CREATE TABLE ledger (
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
	added          bigint not null, asked_for text not null default '', -- how much longer, in the unit of the limit; 0 for a pause
	primary key (district, id)
);

CREATE INDEX ledger_account on ledger (district, case_id) where on_account;

CREATE INDEX ledger_asked on ledger (district, asked_at) where state = 'asked';

CREATE INDEX ledger_case on ledger (district, case_id, asked_at);

CREATE TABLE look_days (
	district text   not null,
	person   text   not null,
	day      text   not null,
	looks    bigint not null,
	signs    text   not null, -- between commas; empty while nothing is
	alarm_at bigint not null, -- when the administrators were told; 0 while they were not
	primary key (district, person, day)
);

CREATE INDEX look_days_alarm on look_days (district, alarm_at);

CREATE TABLE look_delays (
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

CREATE UNIQUE INDEX look_delays_once on look_delays (district, look_id, nth);

CREATE INDEX look_delays_state on look_delays (district, state, asked_at);

CREATE TABLE looks (
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

CREATE INDEX looks_person on looks (district, person, at);

CREATE INDEX looks_report on looks (district, report_id, at);

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
	valid_to   text    not null, limits text not null default '', -- last day, '' for ever
	primary key (district, code)
);

CREATE TABLE meeting_items (
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

CREATE INDEX meeting_items_case on meeting_items (district, case_id) where case_id <> '';

CREATE INDEX meeting_items_deferred on meeting_items (district, meeting) where state = 'deferred';

CREATE UNIQUE INDEX meeting_items_seq on meeting_items (district, meeting, seq);

CREATE INDEX meeting_items_unit on meeting_items (district, unit, due) where state = 'decided';

CREATE TABLE meetings (
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

CREATE UNIQUE INDEX meetings_serial on meetings (district, year, serial);

CREATE INDEX meetings_starts on meetings (district, starts_at);

CREATE TABLE message_parts (
	district text   not null,
	message  text   not null,
	part     bigint not null,
	channel  text   not null,
	ref      text   not null, -- the counterpart's own id of the part
	state    text   not null, -- sent, delivered, failed
	primary key (district, message, part)
);

CREATE INDEX message_parts_ref on message_parts (district, channel, ref);

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
	error     text   not null, way text not null default '', shown text not null default '', ref text not null default '', done_at bigint not null default 0, outgoing text not null default '',
	primary key (district, id)
);

CREATE INDEX messages_case on messages (district, case_id, at, id);

CREATE INDEX messages_out on messages (district, at, id) where channel <> 'portal';

CREATE INDEX messages_ref on messages (district, channel, ref) where ref <> '';

CREATE INDEX messages_unread on messages (district, to_kind, to_ref, at, id) where state = 'sent' and to_kind <> 'reporter';

CREATE TABLE notice_texts (
	district  text   not null,
	template  text   not null,
	version   bigint not null,
	text_zh   text   not null, -- '' and '': the pack's wording again
	text_en   text   not null,
	at        bigint not null,
	by_person text   not null,
	by_post   text   not null,
	primary key (district, template, version)
);

CREATE TABLE notices_shown (
	district text   not null,
	holder   text   not null, -- resident:ID or report:ID
	notice   text   not null, -- of privacy.yaml
	version  bigint not null,
	at       bigint not null,
	primary key (district, holder, notice, version)
);

CREATE TABLE oidc_bindings (
	district text   not null,
	issuer   text   not null, -- address of the house that signs people in
	subject  text   not null, -- its own, lasting name of the person
	login    text   not null, -- of the account here
	bound    bigint not null,
	primary key (district, issuer, subject)
);

CREATE UNIQUE INDEX oidc_bindings_login on oidc_bindings (district, issuer, login);

CREATE TABLE order_evidence (
	district text   not null,
	order_id text   not null,
	case_id  text   not null,
	seq      bigint not null,
	number   text   not null, -- of the case
	primary key (district, order_id, case_id, seq)
);

CREATE INDEX order_evidence_case on order_evidence (district, case_id);

CREATE TABLE orders (
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

CREATE INDEX orders_at on orders (district, at);

CREATE INDEX orders_case on orders (district, case_id, at);

CREATE UNIQUE INDEX orders_rung on orders (district, task, rung) where rung <> '';

CREATE INDEX orders_running on orders (district, unit, reply_due) where state in ('asked', 'answered');

CREATE INDEX orders_unit on orders (district, unit, at);

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

CREATE TABLE passkeys (
	district text   not null,
	id       text   not null, -- the credential's own, base64url
	holder   text   not null, -- staff:LOGIN or resident:ID
	site     text   not null, -- the host name it is good at
	name     text   not null, -- what the holder calls it
	record   text   not null, -- the credential record of WebAuthn, as JSON
	created  bigint not null,
	used     bigint not null, -- 0 before the first time
	primary key (district, id)
);

CREATE INDEX passkeys_holder on passkeys (district, holder);

CREATE TABLE peer_requests (
	district   text   not null,
	peer       text   not null,
	case_id    text   not null,
	way        text   not null, -- in: fetched from there; out: sent there
	remote     text   not null, -- service_request_id; '' while it is not known
	token      text   not null, -- given in place of it; '' for none
	code       text   not null, -- service_code
	state      text   not null, -- sending, token, posted, refused
	status     text   not null, -- open, closed, as they last said; '' before
	notes      text   not null, -- status_notes, numbers hidden
	why        text   not null, -- of a refusal, or why it is not known yet
	tries      bigint not null,
	tried_at   bigint not null, -- the first time it was sent; 0 for one that came in
	seen_at    bigint not null, -- when they were last asked
	primary key (district, peer, case_id)
);

CREATE INDEX peer_requests_asked on peer_requests (district, peer, seen_at) where status <> 'closed';

CREATE INDEX peer_requests_case on peer_requests (district, case_id);

CREATE UNIQUE INDEX peer_requests_remote on peer_requests (district, peer, remote) where remote <> '';

CREATE TABLE peers (
	district     text    not null,
	id           text    not null,
	name         text    not null, -- for people
	address      text    not null, -- of the endpoint, https://…/v2
	jurisdiction text    not null, -- jurisdiction_id; '' where it needs none
	api_key      text    not null, -- sealed; '' for none
	format       text    not null, -- json, xml
	services     text    not null, -- JSON: their service_code to our matter
	area         text    not null, -- only what lies here is fetched; '' is the whole district
	minutes      bigint  not null, -- between two rounds
	fetches      boolean not null,
	unit         text    not null, -- whose cases are sent there; '' for none's
	beyond       boolean not null, -- cases that lie outside every grid are sent there too
	words        boolean not null, -- with the words of the report, numbers hidden
	runs         boolean not null,
	made_at      bigint  not null,
	fetched_to   bigint  not null, -- requests made before this have been fetched
	round_at     bigint  not null, -- of the last round; 0 before the first
	came         bigint  not null, -- in that round: requests taken in
	went         bigint  not null, -- and cases sent
	why          text    not null, -- what went wrong in it, as a program says it; '' for nothing
	primary key (district, id)
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

CREATE TABLE period_cases (
	district text   not null,
	period   text   not null,
	part     bigint not null, -- 0, 1, 2 …
	cases    text   not null, -- ids and numbers, in the order of the lists
	primary key (district, period, part)
);

CREATE TABLE periods (
	district  text   not null,
	period    text   not null, -- 2026-11, 2026-Q4, 2026
	state     text   not null, -- preliminary, frozen; one that is not here is open
	book      text   not null, -- YAML of the indicators it was counted with
	counted_at bigint not null,
	frozen_at bigint not null, -- 0 while it is not
	frozen_by text   not null, -- the post
	primary key (district, period)
);

CREATE TABLE posts (
	district  text not null,
	id        text not null,
	person    text not null,
	role      text not null,
	unit      text not null,
	area      text not null, -- '' for all areas of the unit
	from_date text not null, -- '' from ever
	to_date   text not null, ends_at bigint not null default 9223372036854775807, -- last day, '' for ever
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

CREATE TABLE proxies (
	district  text   not null,
	id        text   not null,
	principal text   not null, -- the resident acted for; '' until confirmed
	agent     text   not null, -- the resident who acts
	relation  text   not null, -- child, spouse, parent, relative, neighbour, community-worker, guardian
	deeds     text   not null, -- see, rate, supplement, report, with spaces between
	from_at   bigint not null, -- 0 while asked for
	until_at  bigint not null,
	how       text   not null, -- code, counter
	paper     text   not null, -- what the clerk saw; '' where a code confirmed it
	person    text   not null, -- the clerk
	post      text   not null,
	made_at   bigint not null,
	ended_at  bigint not null, -- 0 while it runs
	ended_by  text   not null, -- principal, agent, counter, time, number, account
	primary key (district, id)
);

CREATE INDEX proxies_agent on proxies (district, agent, made_at, id);

CREATE INDEX proxies_principal on proxies (district, principal, made_at, id);

CREATE TABLE ratings (
	district text   not null,
	id       text   not null,
	case_id  text   not null,
	report   text   not null,
	round    bigint not null,
	grade    bigint not null, -- 5 very content … 1 very discontent
	text     text   not null,
	at       bigint not null, contacted text not null default '',
	primary key (district, id)
);

CREATE INDEX ratings_case on ratings (district, case_id, at);

CREATE TABLE reckonings (
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

CREATE INDEX reckonings_at on reckonings (district, at);

CREATE TABLE recovery_codes (
	district text   not null,
	holder   text   not null,
	hash     text   not null,
	created  bigint not null,
	used     bigint not null, -- 0 before
	primary key (district, holder, hash)
);

CREATE TABLE removals (
	district   text   not null,
	id         text   not null,
	at         bigint not null,
	rule       text   not null, -- of privacy.yaml
	version    text   not null, -- of that file; base for the one linli ships
	span       text   not null, -- 3 years: how long things were kept by that version
	before_at  bigint not null, -- what was over before this instant went
	what       text   not null, -- the table
	many       bigint not null,
	ids        text   not null, -- between commas; '' for what has no name of its own
	primary key (district, id)
);

CREATE INDEX removals_at on removals (district, at);

CREATE TABLE repeats (
	district text   not null,
	key_id   text   not null, -- of the system's key
	name     text   not null, -- blind index of the Idempotency-Key
	print    text   not null, -- blind index of the whole request
	status   bigint not null, -- of the answer; 0 while there is none
	answer   text   not null, -- sealed
	begun_at bigint not null,
	until_at bigint not null,
	primary key (district, key_id, name)
);

CREATE INDEX repeats_until on repeats (district, until_at);

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

CREATE TABLE resident_codes (
	district    text   not null,
	phone_index text   not null,
	subject     text   not null, -- sign-in, or the proxy that it confirms
	code        text   not null, -- keyed hash; '' once used
	phone       text   not null, -- sealed
	outgoing    text   not null, -- sealed text of the message; '' once it left
	lang        text   not null,
	made_at     bigint not null,
	expires     bigint not null,
	tries       bigint not null,
	day_from    bigint not null, -- sent counts from here
	sent        bigint not null,
	primary key (district, phone_index)
);

CREATE TABLE residents (
	district    text   not null,
	id          text   not null,
	phone       text   not null, -- sealed; '' of a child without one
	phone_index text   not null, -- the blind index that reports have
	name        text   not null, -- sealed; '' where none was given
	lang        text   not null, -- zh, en
	told        text   not null, -- how they want to be told: portal
	notice      text   not null, -- name and version of the notice that was shown last
	notice_at   bigint not null,
	made_at     bigint not null,
	seen_at     bigint not null, -- signed in last; 0 before the first time
	from_at     bigint not null, -- holds the number since
	to_at       bigint not null, -- and until
	primary key (district, id)
);

CREATE UNIQUE INDEX residents_phone on residents (district, phone_index) where phone_index <> '' and to_at = 9223372036854775807;

CREATE TABLE restrictions (
	district  text   not null,
	report_id text   not null,
	request   text   not null,
	at        bigint not null,
	by_person text   not null,
	by_post   text   not null,
	primary key (district, report_id)
);

CREATE TABLE reviews (
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

CREATE UNIQUE INDEX reviews_once on reviews (district, period, unit, body);

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

CREATE TABLE rulebooks (
	district     text   not null,
	name         text   not null, -- pauses, marks, supervision, evaluation
	version      text   not null, -- first 12 hex digits of the SHA-256 of the source
	source       text   not null, -- YAML
	installed_at bigint not null,
	primary key (district, name)
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
	expiry   bigint not null, holder text not null default '', began bigint not null default 0, seen bigint not null default 0, agent text not null default '',
	primary key (district, token)
);

CREATE INDEX sessions_expiry on sessions (district, expiry);

CREATE INDEX sessions_holder on sessions (district, holder);

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

CREATE TABLE standins (
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

CREATE INDEX standins_post on standins (district, post);

CREATE TABLE supplements (
	district text   not null,
	id       text   not null,
	case_id  text   not null,
	task     text   not null,
	text     text   not null,
	at       bigint not null, report text not null default '',
	primary key (district, id)
);

CREATE INDEX supplements_case on supplements (district, case_id, at);

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
	done_at  bigint not null, limit_text text not null default '', held_at bigint not null default 0, rung bigint not null default 0, rung_at bigint not null default 9223372036854775807, overdue boolean not null default false, hands text not null default '',
	primary key (district, id)
);

CREATE INDEX tasks_area on tasks (district, area, due) where state = 'open';

CREATE INDEX tasks_board on tasks (district, unit, area, near_at, due, held_at, rung) where state = 'open' and not reporter;

CREATE INDEX tasks_case on tasks (district, case_id, opened_at);

CREATE INDEX tasks_of_role on tasks (district, role, area, case_id) where unit = '';

CREATE INDEX tasks_of_unit on tasks (district, unit, case_id) where unit <> '';

CREATE INDEX tasks_rung on tasks (district, rung_at) where state = 'open' and rung_at < 9223372036854775807;

CREATE INDEX tasks_taken on tasks (district, person) where person <> '' and state = 'open';

CREATE INDEX tasks_unit on tasks (district, unit, due) where state = 'open';

CREATE TABLE totals (
	district text   not null,
	period   text   not null,
	subject  text   not null,
	what     text   not null, -- received, filed, closed …
	n        bigint not null,
	source   text   not null, -- file:line
	primary key (district, period, subject, what)
);

CREATE TABLE totps (
	district  text    not null,
	holder    text    not null,
	secret    text    not null, -- sealed
	confirmed boolean not null, -- whether a code has been shown; before that it opens nothing
	step      bigint  not null, -- of the last code taken: none is taken twice
	created   bigint  not null,
	primary key (district, holder)
);

CREATE TRIGGER trail_no_delete before delete on trail
begin select raise(abort, 'the trail is only ever added to'); end;

CREATE TRIGGER trail_no_update before update on trail
begin select raise(abort, 'the trail is only ever added to'); end;

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
	hash     text   not null, salt text not null default '', book text not null default '',
	primary key (district, subject, seq)
);

CREATE INDEX trail_at on trail (district, at);

CREATE INDEX trail_books on trail (district, at) where book <> '';

CREATE TRIGGER trail_checkpoints_no_delete before delete on trail_checkpoints
begin select raise(abort, 'the log of the trail is only ever added to'); end;

CREATE TRIGGER trail_checkpoints_no_update before update on trail_checkpoints
begin select raise(abort, 'the log of the trail is only ever added to'); end;

CREATE TABLE trail_checkpoints (
	district text   not null,
	n        bigint not null, -- 0, 1, 2 …
	size     bigint not null, -- leaves
	note     text   not null, -- as given out: origin, size, root, signature
	primary key (district, n)
);

CREATE TRIGGER trail_leaves_no_delete before delete on trail_leaves
begin select raise(abort, 'the log of the trail is only ever added to'); end;

CREATE TRIGGER trail_leaves_no_update before update on trail_leaves
begin select raise(abort, 'the log of the trail is only ever added to'); end;

CREATE TABLE trail_leaves (
	district text   not null,
	leaf     bigint not null, -- 0, 1, 2 …
	subject  text   not null,
	seq      bigint not null,
	salt     text   not null, -- '' where the entry has its own
	hash     text   not null, -- what stands in the open
	primary key (district, leaf)
);

CREATE UNIQUE INDEX trail_leaves_entry on trail_leaves (district, subject, seq);

CREATE TRIGGER trail_roots_no_delete before delete on trail_roots
begin select raise(abort, 'the log of the trail is only ever added to'); end;

CREATE TRIGGER trail_roots_no_update before update on trail_roots
begin select raise(abort, 'the log of the trail is only ever added to'); end;

CREATE TABLE trail_roots (
	district text   not null,
	level    bigint not null, -- 1, 2, 3 …
	n        bigint not null, -- 0, 1, 2 … within the level
	hash     text   not null,
	primary key (district, level, n)
);

CREATE TRIGGER trail_words_no_delete before delete on trail_words
when not exists (select 1 from trail t where t.district = old.district and t.subject = old.subject and t.seq > old.seq
	and t.act = 'erased' and t.detail like '%"entry":"' || old.seq || '","word":"' || old.name || '"%')
begin select raise(abort, 'words are erased by an entry of the same trail'); end;

CREATE TRIGGER trail_words_no_update before update on trail_words
begin select raise(abort, 'the words of the trail are only ever added or erased'); end;

CREATE TABLE trail_words (
	district text   not null,
	subject  text   not null,
	seq      bigint not null,
	name     text   not null, -- reason, answer, decision, note
	salt     text   not null,
	text     text   not null,
	primary key (district, subject, seq, name)
);

CREATE TABLE unit_areas (
	district text not null,
	unit     text not null,
	area     text not null,
	primary key (district, unit, area)
);

CREATE TABLE unit_days (
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

CREATE INDEX unit_days_unit on unit_days (district, unit, day);

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

CREATE TABLE ways (
	district      text   not null,
	id            text   not null,
	holder        text   not null, -- resident:ID or report:ID
	channel       text   not null, -- sms, mail, wechat, push
	address       text   not null, -- sealed
	address_index text   not null, -- blind index of channel and address
	shown         text   not null, -- the address, masked
	lang          text   not null,
	code          text   not null, -- keyed hash of the code that confirms it; '' for none
	expires       bigint not null, -- of the code
	tries         bigint not null,
	made_at       bigint not null,
	verified_at   bigint not null, -- 0 until the address is known to be the holder's
	ended_at      bigint not null, unreached_at bigint not null default 0, unreached_why text not null default '', -- 0 while it is used
	primary key (district, id)
);

CREATE INDEX ways_address on ways (district, address_index);

CREATE INDEX ways_holder on ways (district, holder, made_at, id);

CREATE INDEX ways_push on ways (district, holder) where channel = 'push' and ended_at = 0;

CREATE TABLE wechat_drafts (
	district text   not null,
	id       text   not null,
	talk     text   not null, -- blind index of who writes
	openid   text   not null, -- sealed
	words    text   not null, -- sealed
	place    text   not null, -- sealed: the address in words
	point    text   not null, -- sealed: where, lon and lat; '' for none
	media    text   not null, -- names of pictures at the platform, one a line
	began_at bigint not null,
	sent_at  bigint not null, -- 0 while it is being written
	primary key (district, id)
);

CREATE INDEX wechat_drafts_talk on wechat_drafts (district, talk, began_at);

CREATE TABLE wechat_talks (
	district text   not null,
	id       text   not null, -- blind index of who writes
	ref      text   not null, -- of the last message
	reply    text   not null, -- sealed
	at       bigint not null,
	primary key (district, id)
);

CREATE TABLE years (
	district text   not null,
	year     bigint not null,
	source   text   not null, -- JSON of the days, the same from whichever kind of file
	file     text   not null,
	set_at   bigint not null,
	set_by   text   not null,
	primary key (district, year)
);
