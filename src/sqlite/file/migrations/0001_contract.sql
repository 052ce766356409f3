create table state (
  -- one row: numbers that every writer of this file reads inside its transaction, and never gives out twice
  id integer primary key check (id = 1),
  seq integer not null,      -- the order of writing given out last, to each change of a document
  gc_epoch integer not null, -- raised by transactions that take pieces from owners, so that other caches are dropped
  tenant integer not null,   -- the ids given out last: a reused one would show another user's text
  entry integer not null,
  trace integer not null,
  span integer not null,
  session integer not null,
  config_snapshot integer not null,
  said integer not null,     -- of scores, annotations and links together: the order in which they were first said
  engine integer not null,   -- processes that write: each holds a lock on the byte of its number beside this file
  fresh_bytes integer not null, -- bytes that came into "fresh" since it was packed last, and what was left there then
  traces integer not null,   -- how many rows the nameless tenant has of each noun
  spans integer not null,
  sessions integer not null,
  config_snapshots integer not null,
  bytes_in integer not null  -- bytes of JSON taken in since the file was made
) strict;

insert into state
values (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

create table tenant (
  -- whose documents; 0 has the empty name, no row here, and its counts in "state": nearly every commit changes both
  id integer primary key check (id > 0), -- from state.tenant
  name text not null unique,
  traces integer not null,   -- as in state
  spans integer not null,
  sessions integer not null,
  config_snapshots integer not null
) strict;

create table trace (
  id integer primary key,    -- from state.trace
  tenant integer not null,   -- tenant.id
  trace_id text not null,
  version integer not null,  -- how often something was said of it; 0 while only spans, scores and annotations have arrived
  changed_seq integer not null, -- the order of writing of its last change
  created_at integer not null, -- when the first was heard of it and when something was last said of it; times are nanoseconds since the epoch
  updated_at integer not null,
  engine integer,            -- the process that last wrote to it or to a span of it; null if nobody could tell whether that lives
  seq integer not null unique, -- order of startTrace, or of what was heard of it first
  origin integer not null,   -- 0 by changes of spans that have not begun: nobody sees it; 1 by its spans or what is said of them, 2 by ensureTrace, 3 by startTrace
  derived integer not null,  -- what follows its spans, as bits: 1 agent_name, 2 session_id, 4 user_id, 8 end_user_id, 16 started_at, 32 status and end, 64 model, 512 tokens, 1024 cost; 128 there is no input, 256 there is no span
  root integer,              -- its first root span, if it follows one: span.id
  root_started_at integer,
  config_snapshot_id text,
  session_id text,
  parent_trace_id text,
  agent_name text,
  agent_version text,
  status text not null,      -- running, completed, failed, timeout
  user_id any,               -- integer or real; null until it is given
  auditing_id any,
  end_user_id text,
  model text,                -- of its first root span
  started_at integer,        -- null while nobody sees it: so it is in no list
  completed_at integer,
  duration_ms real,          -- if it was given; else it is completed_at minus started_at
  tags text not null,        -- JSON array, in the caller's order
  has_scores integer,        -- 1 if the caller gave scores with it, even none: then it reads with a map of them
  body integer not null,     -- entry with the manifest of the JSON object that holds all other fields
  message_id text,           -- facts, as of spans
  status_reason text,
  error_type text,
  error_code text,
  recoverable integer,
  input_tokens any,          -- as given, or the sums of its spans
  output_tokens any,
  total_tokens any,
  cost any,
  currency text,
  unique (tenant, trace_id)
) strict;

create index trace_by_started_at on trace (tenant, started_at, seq);
create index trace_by_agent_name on trace (tenant, agent_name, started_at, seq);
create index trace_by_session_id on trace (tenant, session_id, started_at, seq);
create index trace_by_user_id on trace (tenant, user_id, started_at, seq);
-- most stores have none
create index trace_by_end_user_id on trace (tenant, end_user_id, started_at, seq) where end_user_id is not null;
create index trace_by_status on trace (tenant, status, started_at, seq);
-- the latest end of a session's
create index trace_by_session_end on trace (tenant, session_id, completed_at)
where session_id is not null and completed_at is not null;

create table trace_tag (
  -- each tag of a trace once, in the order of lists
  tenant integer not null,
  tag text not null,
  started_at integer not null,
  seq integer not null,
  trace integer not null,    -- trace.id
  primary key (tenant, tag, started_at, seq)
) strict, without rowid;

create table span (
  id integer primary key,    -- from state.span: the order of first writing, which breaks ties in started_at
  trace integer not null,    -- trace.id, which says whose tenant's it is
  span_id text not null,
  version integer not null,  -- how often it was written
  changed_seq integer not null, -- the order of writing of its last change
  created_at integer not null, -- when it was first and last written
  updated_at integer not null,
  state text,                -- awaited: nothing but updates came, and nobody sees it; running; null once it has ended
  engine integer,            -- the process that last wrote to it, while it runs; as in trace
  parent_span_id text,       -- null in these until it is told
  kind text,                 -- llm, retrieval, tool, agent, grounding, api, custom
  name text,
  status text,               -- ok, error
  tool_type text,            -- framework, mcp, dynamic
  started_at integer,
  until integer,             -- while it runs when the last word about it was said, then its end, if that was told
  duration_ms real,          -- if it was given; else it is until minus started_at
  tags text,                 -- as of traces; null if none were ever given
  body integer,              -- entry with the manifest of the JSON object that holds all other fields; null before its start
  operation text,            -- facts: what the body tells, as far as lists filter by it and sums add it up
  provider text,
  request_model text,
  response_model text,
  finish_reasons text,       -- JSON array
  input_tokens any,
  output_tokens any,
  total_tokens any,
  cache_read_tokens any,
  cache_write_tokens any,
  reasoning_tokens any,
  cost any,
  currency text,
  conversation_id text,
  tool_name text,
  tool_call_id text,
  agent_name text,
  type text,
  session_id text,
  user_id any,
  end_user_id text,
  message_id text,
  status_reason text,
  error_type text,           -- of its errorInfo or its step
  error_code text,
  recoverable integer,       -- 0 or 1
  step_type text,            -- thought, action, …
  step_name text,
  role text,
  query_type text,
  confidence any,
  chosen text,               -- JSON text
  results_count any,
  model_version text,
  unique (trace, span_id)
) strict;

-- the first root of each trace
create index span_root on span (trace, started_at) where parent_span_id is null and state is not 'awaited';

create table span_word (
  -- what later words gave of a span's body, each folded over those before it
  trace integer not null,    -- trace.id
  span integer not null,     -- span.id
  place integer not null,    -- the order of writing; negated of a later start, which comes before the span's own body
  keys blob not null,        -- a hash of eight bytes for each field that it gives: a word that gives all of them takes its place
  body integer not null,     -- entry with the manifest of an object, or of a list of events that are added, with a key of zeros
  primary key (trace, span, place)
) strict, without rowid;

create table session (
  -- one that traces name and nobody upserted follows them: the first is the one with the least start, then the least seq
  id integer primary key,    -- from state.session
  tenant integer not null,   -- tenant.id
  session_id text not null,
  version integer not null,  -- how often it was upserted; 0 while it follows its traces
  seq integer not null,      -- order of the last upsert, or trace.seq of its first trace
  user_id any,               -- these three of its first trace; null while that has none
  auditing_id any,
  end_user_id text,
  created_at integer not null, -- or the least start
  updated_at integer not null, -- or the latest start or end of any of its traces
  trace_count integer not null, -- as last given; readers see the traces recorded if those are more
  tags text not null,
  body integer,              -- as of traces; null while it follows them
  unique (tenant, session_id)
) strict;

create index session_by_updated_at on session (tenant, updated_at, seq);
create index session_by_user_id on session (tenant, user_id, updated_at, seq);
create index session_by_end_user_id on session (tenant, end_user_id, updated_at, seq) where end_user_id is not null;

create table session_tag (
  tenant integer not null,
  tag text not null,
  updated_at integer not null,
  seq integer not null,
  session integer not null,  -- session.id
  primary key (tenant, tag, updated_at, seq)
) strict, without rowid;

create table facet (
  -- which rows share a value that lists are filtered by, as bits: totals are counted from them
  tenant integer not null,
  kind integer not null,     -- the number of the field that they share, as fields.json gives it
  value text not null,
  part integer not null,     -- row ids from 4096 * part on, as many
  members blob not null,     -- 512 bytes of bits and one of 255; or fewer, two for each member: its place in the part
  primary key (tenant, kind, value, part)
) strict, without rowid;

create table config_snapshot (
  id integer primary key,    -- from state.config_snapshot
  tenant integer not null,   -- tenant.id
  snapshot_id text not null,
  agent_name text not null,
  agent_version text not null,
  created_at integer not null,
  body integer not null,     -- as of traces
  unique (tenant, snapshot_id)
) strict;

-- What is said of a trace or of one of its spans, whether that is there yet or not.

create table score (
  id integer primary key,    -- from state.said
  tenant integer not null,   -- tenant.id
  score_id text not null,
  version integer not null,  -- how often it was written
  trace integer not null,    -- trace.id
  span_id text,              -- null for a score of the trace itself: the last value of each name is the contract's map
  name text not null,
  value real,
  label text,
  source text,
  author text,
  created_at integer not null, -- when it was first and last written
  updated_at integer not null,
  body integer not null,     -- as of spans
  unique (tenant, score_id)
) strict;

-- each ends with the id, in whose order scores are listed
create index score_by_tenant on score (tenant);
create index score_by_trace on score (trace);
create index score_by_name on score (tenant, name);
create index score_by_label on score (tenant, label) where label is not null;
create index score_by_source on score (tenant, source) where source is not null;
create index score_by_author on score (tenant, author) where author is not null;

create table annotation (
  id integer primary key,    -- from state.said
  tenant integer not null,   -- tenant.id
  annotation_id text not null,
  version integer not null,  -- how often it was written
  trace integer not null,    -- trace.id
  span_id text,              -- null for one of the trace itself
  identifier text,           -- the same again replaces it
  kind text,
  author text,
  created_at integer not null, -- when it was first and last written
  updated_at integer not null,
  body integer not null,     -- as of spans
  unique (tenant, annotation_id)
) strict;

create index annotation_by_trace on annotation (trace, identifier);

create table link (
  id integer primary key,    -- from state.said
  tenant integer not null,   -- tenant.id
  source text not null,      -- what is linked, as a JSON array: "trace" and its id, "span" and its two, "document" and its
  target text not null,      -- store and id, "external" and its id, "url" and that
  type text not null,        -- follows_from, child_of, correlates_to, or any word
  place integer not null,    -- of one that the span which is its source gives, from 1; 0 of others
  version integer not null,  -- how often its attributes were written
  created_at integer not null, -- when it was first and last written
  updated_at integer not null,
  attributes text,           -- JSON object
  unique (tenant, source, target, type, place)
) strict;

create index link_by_target on link (tenant, target);

-- Content is shared by all tenants: a text is stored once, whoever sent it.
-- An entry is the text of a piece (one JSON value, stored once) or the manifest of a document, in one of three places.

create table fresh (
  -- entries of spans, scores and annotations as they came, until they are packed
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

-- those that are worth merging
create index block_small on block (first) where length(data) < 5120;

create table block_run (
  -- entries whose ids follow each other and that were put into the same block
  first integer primary key,
  last integer not null,
  block integer not null     -- block.id
) strict;

create table alone (
  -- entries of traces, sessions and snapshots, which lists read: each alone
  id integer primary key,
  data blob not null         -- a form byte, then the bytes, compressed if that is shorter
) strict;

create table piece_hash (
  hash blob primary key,     -- BLAKE3 of the text, 20 bytes
  piece integer not null,    -- the entry
  owner integer not null,    -- whose documents use it: 4 * id + 0 for a trace (its spans count as it), 1 for a session, 2 for a config snapshot
  uses integer,              -- how many of the owner's documents use it; null once others than those that brought it do
  first integer              -- the span that brought it to its trace; 0 for the trace itself, null if that one let it go, below 0
                             -- for what is said of it: minus the id of a score or an annotation
) strict, without rowid;

create table piece_owner (
  -- further owners of a piece; one that nobody owns is deleted
  piece integer not null,
  owner integer not null,
  uses integer,              -- as in piece_hash
  first integer,
  primary key (piece, owner)
) strict, without rowid;
