-- +goose Up
-- Keys that act: one that a member of staff has made acts with that account's
-- posts, one that is bound to a post acts as that post. Empty is a system that
-- only reads and reports, as all keys were before.
alter table keys add column login text not null default '';
alter table keys add column post text not null default '';
