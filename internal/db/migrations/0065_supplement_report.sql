-- +goose Up
-- Whose words a supplement is, on a case that several reported: what one of them has
-- deleted or copied leaves the others' alone. Older ones do not say.
alter table supplements add column report text not null default '';
