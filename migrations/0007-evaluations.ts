import { Migration } from '@mikro-orm/migrations';

/** One evaluation a lot; unfinished sheets stand apart, since they are nobody's act yet. */
export class Evaluations extends Migration {
  override up(): void {
    this.addSql(`
      create table evaluation (
        id text primary key,
        version integer not null check (version > 0),
        state jsonb not null,
        phase text not null,
        people jsonb not null
      )`);
    this.addSql(`comment on column evaluation.people is 'ids of the present members, for the list of their duties'`);
    this.addSql('create index evaluation_people on evaluation using gin (people)');
    this.addSql(`
      create table evaluation_draft (
        lot text not null,
        person text not null,
        sheet jsonb not null,
        at timestamptz not null,
        primary key (lot, person)
      )`);
  }
}
