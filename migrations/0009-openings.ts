import { Migration } from '@mikro-orm/migrations';

/** Openings: barrier, close, releases, results, record. */
export class Openings extends Migration {
  override up(): void {
    this.addSql(`
      create table opening (
        id text primary key,
        version integer not null check (version > 0),
        state jsonb not null,
        project text not null,
        deadline text not null
      )`);
    this.addSql('create index opening_state on opening using gin (state jsonb_path_ops)');
    this.addSql('create index opening_project on opening (project)');
  }
}
