import { Migration } from '@mikro-orm/migrations';

/** Chains of sealed acts by per-lot handle, unfinished uploads, questions without names. No row says who bid. */
export class Tenders extends Migration {
  override up(): void {
    this.addSql(`
      create table tender_chain (
        id text primary key,
        version integer not null check (version > 0),
        state jsonb not null,
        lot text not null,
        handle text not null
      )`);
    this.addSql('create index tender_chain_lot on tender_chain (lot)');
    this.addSql(
      'create table tender_upload (id text primary key, lot text not null, handle text not null, bytes bigint not null, at timestamptz not null)',
    );
    this.addSql('create index tender_upload_handle on tender_upload (lot, handle)');
    this.addSql(
      'create table tender_question (sha256 text not null, lot text not null, text text not null, at timestamptz not null, primary key (lot, sha256))',
    );
  }
}
