-- +goose Up
-- When the district's units work. A calendar is kept as it was written; what is
-- counted with is made from it and the years.
create table calendars (
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

-- One year's notice of days off and make-up workdays. It goes before the one
-- that linli ships for that year.
create table years (
	district text   not null,
	year     bigint not null,
	source   text   not null, -- JSON of the days, the same from whichever kind of file
	file     text   not null,
	set_at   bigint not null,
	set_by   text   not null,
	primary key (district, year)
);
