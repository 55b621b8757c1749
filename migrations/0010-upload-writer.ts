import { Migration } from '@mikro-orm/migrations';

/** Which connection, of whichever node, writes an upload now. */
export class UploadWriter extends Migration {
  override up(): void {
    this.addSql(`
      alter table tender_upload
        add column writer text,
        add column writer_until timestamptz,
        add column generation integer not null default 0`);
    this.addSql(
      `comment on column tender_upload.writer is 'null: nobody writes; else who does, until writer_until unless renewed'`,
    );
    this.addSql(
      `comment on column tender_upload.generation is 'names the file: a writer that was taken for dead keeps its old one'`,
    );
  }
}
