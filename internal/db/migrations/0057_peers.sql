-- +goose Up
-- Other servers of Open311 GeoReport v2 that the district fetches requests from
-- and sends cases to.
create table peers (
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

-- Which of their requests is which of our cases.
create table peer_requests (
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
create unique index peer_requests_remote on peer_requests (district, peer, remote) where remote <> '';
create index peer_requests_case on peer_requests (district, case_id);
create index peer_requests_asked on peer_requests (district, peer, seen_at) where status <> 'closed';
