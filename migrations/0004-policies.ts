import { Migration } from '@mikro-orm/migrations';

/** Opening policies and the opening keys that were ever given: an officer's key serves one opening only. */
export class Policies extends Migration {
  override up(): void {
    this.addSql(`
      create table opening_policy (
        id text primary key,
        version integer not null check (version > 0),
        state jsonb not null,
        in_force text
      )`);
    this.addSql('create table opening_recipient (recipient text primary key, opening text not null)');
    this.addSql(
      'create table opening_policy_document (sha256 text primary key, opening text not null, text text not null)',
    );
  }
}
