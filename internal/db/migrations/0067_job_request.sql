-- +goose Up
-- The request that caused a job, so that what a job logs is found by it.
alter table jobs add column request text not null default '';
