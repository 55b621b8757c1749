import { Migration } from '@mikro-orm/migrations';

/** Projects with their lots, the calendar of rooms, and the numbers of project codes. */
export class Projects extends Migration {
  override up(): void {
    this.addSql(`
      create table project (
        id text primary key,
        version integer not null check (version > 0),
        state jsonb not null,
        code text not null unique,
        type text not null,
        status text not null,
        name text not null,
        opening text not null unique,
        deadline text not null,
        published_at text,
        tenderer text not null,
        agency text,
        follows text
      )`);
    this.addSql('create index project_published on project (published_at desc) where published_at is not null');
    this.addSql('create index project_side on project (tenderer, agency)');
    this.addSql('create index project_follows on project (follows) where follows is not null');
    this.addSql('create table project_number (prefix text primary key, last integer not null check (last > 0))');
    this.addSql('create table project_lot (lot text primary key, project text not null)');
    this.addSql(`
      create table room_booking (
        room text not null, project text not null, purpose text not null,
        starts timestamptz not null, ends timestamptz not null check (ends > starts), primary key (project, purpose),
        constraint room_booked_once exclude using gist (
          int8range(hashtext(room)::bigint, hashtext(room)::bigint, '[]') with &&, tstzrange(starts, ends) with &&)
      )`);
    this.addSql(
      `comment on constraint room_booked_once on room_booking is 'the room as a range of its hash: equality in gist without the extension that the embedded database lacks; acts check first, this is the last line'`,
    );
    this.addSql('create index room_booking_time on room_booking (room, starts)');
  }
}
