import { Migration } from '@mikro-orm/migrations';

/** Awards, one row a lot, and the index by which any signed document is found from its hash. */
export class Awards extends Migration {
  override up(): void {
    this.addSql(`
      create table award (
        id text primary key,
        version integer not null,
        state jsonb not null,
        project text,
        status text not null
      )`);
    this.addSql(`comment on column award.id is 'the lot'`);
    this.addSql('create index award_project on award (project)');
    this.addSql(`
      create index journal_entry_document on journal_entry ((coalesce(event->>'pdfSha256', event->>'sha256')))
      where kind in ('certificate-issued-document', 'evaluation-finished')`);
    this.addSql(`
      create index journal_entry_document_number on journal_entry ((event->>'number'))
      where kind in ('certificate-issued-document', 'evaluation-finished')`);
  }
}
