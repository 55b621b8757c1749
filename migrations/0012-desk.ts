import { Migration } from '@mikro-orm/migrations';

/** What everyone's desk keeps beside the journal: who looked at what, notices, follows, addresses for mail. None of it is an act. */
export class Desk extends Migration {
  override up(): void {
    this.addSql(`
      create table access_log (
        id uuid primary key,
        at timestamptz not null,
        person text not null,
        roles text[] not null,
        operation text not null,
        params jsonb not null,
        subject text,
        status integer not null,
        request_id text not null
      )`);
    this.addSql(
      `comment on table access_log is 'reads by staff; a bidder''s are left out because they would say who bids'`,
    );
    this.addSql('create index access_log_person on access_log (person, id desc)');
    this.addSql('create index access_log_subject on access_log (subject, id desc) where subject is not null');
    this.addSql(`
      create table notice (
        id uuid primary key,
        recipient text not null,
        source text not null,
        kind text not null,
        private boolean not null,
        project text,
        lot text,
        opening text,
        at timestamptz not null,
        read_at timestamptz,
        mail text not null default 'none' check (mail in ('none', 'waiting', 'sending', 'sent', 'failed')),
        mail_tries integer not null default 0,
        mail_at timestamptz,
        unique (recipient, source, kind)
      )`);
    this.addSql(
      `comment on column notice.recipient is 'HMAC of the person under the master secret: the table alone does not say who follows what'`,
    );
    this.addSql(`comment on column notice.source is 'the journal entry, or what the clock brought; told once'`);
    this.addSql('create index notice_recipient on notice (recipient, id desc)');
    this.addSql(`create index notice_mail on notice (mail_at) where mail in ('waiting', 'sending')`);
    this.addSql(
      'create table follow (recipient text not null, project text not null, at timestamptz not null, primary key (recipient, project))',
    );
    this.addSql('create index follow_project on follow (project)');
    this.addSql(
      'create table mail_choice (person text primary key, address text, wanted boolean not null, kinds jsonb not null)',
    );
  }
}
