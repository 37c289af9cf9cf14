-- +goose Up
-- Bodies that act: departments (条), street offices and stations (块), companies.
create table units (
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

create table unit_areas (
	district text not null,
	unit     text not null,
	area     text not null,
	primary key (district, unit, area)
);

-- Staff: name and phone at work are work data, shown to colleagues.
create table people (
	district text not null,
	id       text not null,
	login    text not null,
	name     text not null,
	phone    text not null,
	primary key (district, id)
);
create unique index people_login on people (district, login);

-- A person holding a role in a unit, for an area, from and to a day.
create table posts (
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
create unique index posts_once on posts (district, person, role, unit, area, from_date);
