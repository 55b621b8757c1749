import { Migration } from '@mikro-orm/migrations';

/**
 * The journal (append-only), its Merkle log, answers to idempotency keys, the due table and the demo clock.
 * Hand-written SQL: the same on PostgreSQL 15+ and PGlite.
 */
export class Journal extends Migration {
  override up(): void {
    this.addSql(`
      create table journal_entry (
        id uuid primary key,
        ordinal bigint generated always as identity,
        at timestamptz not null,
        actor text not null,
        kind text not null,
        subject_kind text not null,
        subject text not null,
        version integer not null check (version > 0),
        event jsonb not null,
        leaf bytea not null check (octet_length(leaf) <= 60000),
        body bytea,
        sealed_act bytea,
        salt bytea,
        request_id text not null,
        unique (subject_kind, subject, version)
      )`);
    this.addSql(
      `comment on column journal_entry.leaf is 'the published bytes (trust protocol 3): an open leaf, or a commitment that hides the act'`,
    );
    this.addSql(
      `comment on column journal_entry.body is 'canonical body of an open leaf that names it by bodySha256 because it is large'`,
    );
    this.addSql(
      `comment on column journal_entry.sealed_act is 'canonical act behind a sealed leaf; secret until its lot is opened'`,
    );
    this.addSql('create index journal_entry_ordinal on journal_entry (ordinal)');
    // No foreign key: the sequencer takes the ids from journal_entry, whose rows cannot go, and the check costs a look-up a row.
    this.addSql(
      'create table journal_leaf (log_index bigint primary key check (log_index >= 0), entry_id uuid not null unique)',
    );
    this.addSql(
      'create table journal_tile (level integer not null, n bigint not null, hashes bytea not null, primary key (level, n))',
    );
    this.addSql(
      'create table journal_checkpoint (size bigint primary key, root bytea not null, note text not null, at timestamptz not null)',
    );
    this.addSql(
      'create table journal_cosignature (size bigint not null references journal_checkpoint (size), witness text not null, line text not null, at timestamptz not null, primary key (size, witness))',
    );
    this.addSql(
      'create table journal_lease (name text primary key, owner text not null, epoch bigint not null, expires timestamptz not null, watermark bigint not null default 0)',
    );
    this.addSql(
      `comment on column journal_lease.watermark is 'every entry with an ordinal up to this one has its leaf, or its transaction was rolled back'`,
    );
    this.addSql('create table journal_cursor (name text primary key, next_index bigint not null)');
    this.addSql(`create function journal_is_append_only() returns trigger language plpgsql as $$
      begin
        raise exception 'the journal is append-only (%)', tg_table_name using errcode = 'insufficient_privilege';
      end $$`);
    for (const table of ['journal_entry', 'journal_leaf', 'journal_checkpoint', 'journal_cosignature']) {
      this.addSql(
        `create trigger ${table}_append_only before update or delete or truncate on ${table} for each statement execute function journal_is_append_only()`,
      );
    }
    this.addSql(
      'create table act_answer (actor text not null, key text not null, input_sha256 text not null, answer jsonb not null, at timestamptz not null, primary key (actor, key))',
    );
    this.addSql(
      'create table due (room text not null, subject text not null, tick text not null, at timestamptz not null, primary key (room, subject, tick))',
    );
    this.addSql('create index due_at on due (at)');
    this.addSql('create table demo_clock (id integer primary key check (id = 1), offset_us bigint not null)');
    this.addSql('insert into demo_clock values (1, 0)');
  }
}
