import { Migration } from '@mikro-orm/migrations';

/** Organisations, people, certificates, registrations; names of people stand apart so that they can be erased. */
export class Parties extends Migration {
  override up(): void {
    const procedure = (name: string, columns: string) =>
      this.addSql(
        `create table ${name} (id text primary key, version integer not null check (version > 0), state jsonb not null, ${columns})`,
      );
    procedure('organisation', 'uscc text not null unique, name text not null');
    procedure('person', 'organisation text not null, active boolean not null');
    this.addSql('create index person_organisation on person (organisation)');
    this.addSql('create table person_data (person text primary key, name text not null, salt text not null)');
    procedure('certificate', 'person text not null, revoked boolean not null');
    this.addSql('create index certificate_person on certificate (person)');
    this.addSql(`create index certificate_follows on certificate ((state ->> 'follows'))`);
    this.addSql(
      'create table certificate_data (certificate text primary key, der text not null, change_text text, change_signature text)',
    );
    this.addSql(
      `comment on column certificate_data.der is 'base64; apart from the journal because a certificate names its holder'`,
    );
    procedure('registration', 'status text not null');
    this.addSql(
      'create table registration_data (registration text primary key, contact text not null, csr text, der text, check ((csr is null) <> (der is null)))',
    );
    this.addSql(
      'create table platform_authority (id integer primary key check (id = 1), root_sha256 text not null, master_check text not null)',
    );
    this.addSql(
      'create table enrolment (code_sha256 text primary key, person text not null, expires timestamptz not null, used_at timestamptz)',
    );
    this.addSql('create table login_nonce (nonce text primary key, expires timestamptz not null)');
    this.addSql(`create table session (
      token_sha256 text primary key, person text not null, cert_sha256 text not null, csrf text not null,
      created timestamptz not null, seen timestamptz not null)`);
    this.addSql('create index session_person on session (person)');
  }
}
