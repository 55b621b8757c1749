import { Migration } from '@mikro-orm/migrations';

/** Witness records, one row a subject (opening, lot or project), and the photos uploaded for them. */
export class Witness extends Migration {
  override up(): void {
    this.addSql(`
      create table witness_record (
        id text primary key,
        version integer not null,
        state jsonb not null,
        project text not null,
        subject_kind text not null check (subject_kind in ('opening', 'lot', 'project')),
        people jsonb not null
      )`);
    this.addSql(
      `comment on column witness_record.people is 'ids of all who ever stood duty here, for the list of duties'`,
    );
    this.addSql('create index witness_record_people on witness_record using gin (people)');
    this.addSql(`
      create table witness_photo (
        subject text not null,
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        person text not null,
        media_type text not null check (media_type in ('image/jpeg', 'image/png')),
        bytes integer not null check (bytes > 0),
        at timestamptz not null,
        primary key (subject, sha256)
      )`);
  }
}
