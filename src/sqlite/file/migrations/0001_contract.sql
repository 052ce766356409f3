create table state (
  -- one row: numbers that every writer of this file reads inside its transaction
  id integer primary key check (id = 1),
  seq integer not null,      -- the order of writing given out last, to traces when started and to sessions when upserted
  gc_epoch integer not null, -- raised by transactions that take pieces from owners, so that other caches are dropped
  entry integer not null,    -- the id of an entry given out last; one that was reused would show another user's text
  fresh_bytes integer not null, -- bytes that came into "fresh" since it was packed last, and what was left there then
  bytes_in integer not null, -- bytes of JSON taken in since the file was made
  traces integer not null,   -- how many rows there are of each noun; of traces, those that were started
  spans integer not null,
  sessions integer not null,
  config_snapshots integer not null
) strict;

insert into state (id, seq, gc_epoch, entry, fresh_bytes, bytes_in, traces, spans, sessions, config_snapshots)
values (1, 0, 0, 0, 0, 0, 0, 0, 0, 0);

create table trace (
  id integer primary key,
  trace_id text not null unique,
  seq integer unique,        -- order of startTrace; null while only spans of the trace have arrived, as are all columns below
  config_snapshot_id text,
  session_id text,
  parent_trace_id text,
  agent_name text,
  agent_version text,
  status text,               -- running, completed, failed, timeout
  user_id any,               -- integer or real
  auditing_id any,
  started_at integer,        -- times are nanoseconds since the epoch
  completed_at integer,
  duration_ms real,
  tags text,                 -- JSON array, in the caller's order
  body blob                  -- manifest of the JSON object that holds all other fields
) strict;

create index trace_by_started_at on trace (started_at, seq);
create index trace_by_agent_name on trace (agent_name, started_at, seq);
create index trace_by_session_id on trace (session_id, started_at, seq);
create index trace_by_user_id on trace (user_id, started_at, seq);
create index trace_by_status on trace (status, started_at, seq);

create table trace_tag (
  -- each tag of a trace once, in the order of lists
  tag text not null,
  started_at integer not null,
  seq integer not null,
  trace integer not null,    -- trace.id
  primary key (tag, started_at, seq)
) strict, without rowid;

create table span (
  -- the spans of a trace beside each other
  trace integer not null,    -- trace.id
  span_id text not null,
  parent_span_id text,
  kind text not null,        -- llm, retrieval, tool, agent, grounding, api, custom
  name text not null,
  status text not null,      -- ok, error
  tool_type text,            -- framework, mcp, dynamic
  started_at integer not null,
  duration_ms real not null,
  written integer not null,  -- entry with its first manifest: the order of first writing breaks ties in started_at
  body integer not null,     -- entry with the manifest of the JSON object that holds all other fields
  primary key (trace, span_id)
) strict, without rowid;

create table session (
  id integer primary key,
  session_id text not null unique,
  seq integer not null unique, -- order of the last upsert
  user_id any not null,
  auditing_id any not null,
  created_at integer not null,
  updated_at integer not null,
  trace_count integer not null, -- as last given; readers see the traces recorded if those are more
  tags text not null,
  body blob not null
) strict;

create index session_by_updated_at on session (updated_at, seq);
create index session_by_user_id on session (user_id, updated_at, seq);

create table session_tag (
  tag text not null,
  updated_at integer not null,
  seq integer not null,
  session integer not null,  -- session.id
  primary key (tag, updated_at, seq)
) strict, without rowid;

create table facet (
  -- which rows share a value that lists are filtered by, as bits: totals are counted from them
  kind integer not null,     -- the number of the field that they share, as fields.json gives it
  value text not null,
  part integer not null,     -- row ids from 4096 * part on, as many
  members blob not null,     -- 512 bytes of bits and one of 255; or fewer, two for each member: its place in the part
  primary key (kind, value, part)
) strict, without rowid;

create table config_snapshot (
  id integer primary key,
  snapshot_id text not null unique,
  agent_name text not null,
  agent_version text not null,
  created_at integer not null,
  body blob not null
) strict;

-- An entry is the text of a piece (one JSON value, stored once) or the manifest of a span, in one of three places.

create table fresh (
  -- entries of spans as they came, until they are packed
  id integer primary key,
  trace integer not null,    -- trace.id
  data blob not null
) strict;

create table block (
  -- entries of spans compressed together, those of a trace beside each other
  id integer primary key,
  first integer not null,    -- the least and the greatest id that were put into it
  last integer not null,
  data blob not null         -- a form byte, then ids, lengths and bytes of the entries, compressed
) strict;

create table block_run (
  -- entries whose ids follow each other and that were put into the same block
  first integer primary key,
  last integer not null,
  block integer not null     -- block.id
) strict;

create table piece (
  -- entries that the bodies of traces, sessions and snapshots use, each alone
  id integer primary key,
  data blob not null         -- a form byte, then the text, compressed if that is shorter
) strict;

create table piece_hash (
  hash blob primary key,     -- BLAKE3 of the text, 20 bytes
  piece integer not null,    -- the entry
  owner integer not null     -- whose documents use it: 4 * id + 0 for a trace (its spans count as it), 1 for a session, 2 for a config snapshot
) strict, without rowid;

create table piece_owner (
  -- further owners of a piece; one that nobody owns is deleted
  piece integer not null,
  owner integer not null,
  primary key (piece, owner)
) strict, without rowid;
