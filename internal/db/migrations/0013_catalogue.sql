-- +goose Up
-- What a district was given: which pack, in which version, and when.
create table packs (
	district     text   not null,
	name         text   not null,
	title_zh     text   not null,
	title_en     text   not null,
	version      text   not null,
	installed_at bigint not null,
	primary key (district, name)
);

-- The tree of matters, as written: what is empty is taken from the parent.
create table matters (
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

-- Every version of every procedure: a case stays on the one it began with.
create table procedures (
	district     text    not null,
	name         text    not null,
	version      text    not null, -- first 12 hex digits of the SHA-256 of the source
	source       text    not null, -- YAML
	current      boolean not null, -- what new cases take
	installed_at bigint  not null,
	primary key (district, name, version)
);

create table forms (
	district     text   not null,
	name         text   not null,
	version      text   not null,
	source       text   not null, -- YAML
	installed_at bigint not null,
	primary key (district, name)
);

-- Who deals with what, where and when, in the order written.
create table routes (
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
