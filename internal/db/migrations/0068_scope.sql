-- +goose Up
-- What a post sees is found from its unit and its area, not by looking at every
-- case: a unit that takes reports in, and the tasks a unit or a role has or had.
create index cases_receiver on cases (district, receiver, opened_at) where receiver <> '';
create index tasks_of_unit on tasks (district, unit, case_id) where unit <> '';
create index tasks_of_role on tasks (district, role, area, case_id) where unit = '';
