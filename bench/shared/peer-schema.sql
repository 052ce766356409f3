-- The store as a good engineer would write it by hand for one application: a row per document, JSON in columns, an index per filter.
create table sessions (
  seq integer primary key, session_id text not null unique, user_id integer not null, auditing_id integer not null,
  created_at integer not null, updated_at integer not null, trace_count integer not null, tags text not null, metadata text
);
create index sessions_by_time on sessions (updated_at, seq);
create index sessions_by_user on sessions (user_id, updated_at, seq);

create table traces (
  seq integer primary key, trace_id text not null unique, config_snapshot_id text, session_id text, parent_trace_id text,
  agent_name text not null, agent_version text not null, status text not null, user_id integer not null, auditing_id integer not null,
  started_at integer not null, completed_at integer, duration_ms real, input text not null, output text, api_input text, api_output text,
  tokens text, cost text, tags text not null, scores text, metadata text
);
create index traces_by_time on traces (started_at, seq);
create index traces_by_agent on traces (agent_name, started_at, seq);
create index traces_by_session on traces (session_id, started_at, seq);
create index traces_by_user on traces (user_id, started_at, seq);
create index traces_by_status on traces (status, started_at, seq);

create table trace_tags (
  tag text not null, started_at integer not null, seq integer not null, primary key (tag, started_at, seq)
) without rowid;

create table spans (
  id integer primary key, trace_id text not null, span_id text not null, parent_span_id text, kind text not null, name text not null,
  status text not null, error text, started_at integer not null, duration_ms real not null, tool_type text, input text, output text,
  attributes text, metadata text, unique (trace_id, span_id)
);

create table config_snapshots (snapshot_id text primary key, document text not null) without rowid;
