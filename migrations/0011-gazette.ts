import { Migration } from '@mikro-orm/migrations';

/** The board's entries by order; partial, so that other entries pay nothing. The kinds are those of src/gazette/kinds.ts. */
export class Gazette extends Migration {
  override up(): void {
    this.addSql(`
      create index journal_entry_gazette on journal_entry (ordinal)
      where kind in ('announced', 'award-ended', 'awarded', 'candidate-passed-over', 'candidates-published', 'deadline-moved',
        'documents-objection-answered', 'evaluation-failed', 'failed', 'notice-changed', 'project-published',
        'project-terminated', 'question-answered')`);
  }
}
