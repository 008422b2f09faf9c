-- Whether a session is one of the named ones; null names all. The ids are one text, with a line feed before and after
-- each: the engine can look into a text while it reads a file, and skips the other columns of rows that do not fit.
create macro in_ids(session_id, ids) as ids is null or contains(ids, E'\n' || session_id || E'\n');
