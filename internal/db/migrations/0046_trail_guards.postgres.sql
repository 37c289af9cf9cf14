-- +goose Up
-- Differs because the engines write triggers in their own ways. Both refuse to
-- change or remove what the trail and its log hold. Words may go, after an
-- entry of the same trail says so.

-- +goose StatementBegin
create function trail_refuse() returns trigger language plpgsql as $$
begin
	raise exception 'the trail is only ever added to';
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function trail_words_refuse() returns trigger language plpgsql as $$
begin
	if exists (select 1 from trail t where t.district = old.district and t.subject = old.subject and t.seq > old.seq
		and t.act = 'erased' and t.detail like '%"entry":"' || old.seq || '","word":"' || old.name || '"%') then
		return old;
	end if;
	raise exception 'words are erased by an entry of the same trail';
end $$;
-- +goose StatementEnd

create trigger trail_kept before update or delete on trail for each row execute function trail_refuse();
create trigger trail_kept_whole before truncate on trail for each statement execute function trail_refuse();
create trigger trail_words_kept before update on trail_words for each row execute function trail_refuse();
create trigger trail_words_erased before delete on trail_words for each row execute function trail_words_refuse();
create trigger trail_words_kept_whole before truncate on trail_words for each statement execute function trail_refuse();
create trigger trail_leaves_kept before update or delete on trail_leaves for each row execute function trail_refuse();
create trigger trail_leaves_kept_whole before truncate on trail_leaves for each statement execute function trail_refuse();
create trigger trail_roots_kept before update or delete on trail_roots for each row execute function trail_refuse();
create trigger trail_roots_kept_whole before truncate on trail_roots for each statement execute function trail_refuse();
create trigger trail_checkpoints_kept before update or delete on trail_checkpoints for each row execute function trail_refuse();
create trigger trail_checkpoints_kept_whole before truncate on trail_checkpoints for each statement execute function trail_refuse();
