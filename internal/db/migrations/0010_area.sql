-- +goose Up
-- The tiers of a district: itself, its streets and towns, communities and
-- villages, grids. A code is never given to another area.
create table areas (
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

-- Outlines are dated: a new one ends the one before, and none is overwritten
-- by a later day's.
create table outlines (
	district   text not null,
	code       text not null,
	valid_from text not null,
	valid_to   text not null,
	geojson    text not null, -- Polygon or MultiPolygon, CGCS2000
	primary key (district, code, valid_from)
);
