/** The audit over every room: run after every database test. */
import { awardProcedure } from '../../src/awards/index.ts';
import { evaluationProcedure } from '../../src/evaluations/index.ts';
import { type AnyProcedure, type AuditFinding, auditAll, unauditedKinds } from '../../src/journal/audit.ts';
import type { Journal } from '../../src/journal/index.ts';
import { openingProcedure } from '../../src/openings/index.ts';
import {
  certificateProcedure,
  organisationProcedure,
  personProcedure,
  registrationProcedure,
} from '../../src/parties/index.ts';
import { policyProcedure } from '../../src/policies/index.ts';
import { projectProcedure } from '../../src/projects/index.ts';
import { chainProcedure } from '../../src/tenders/index.ts';
import { witnessProcedure } from '../../src/witness/index.ts';

const procedures: readonly AnyProcedure[] = [
  organisationProcedure,
  personProcedure,
  certificateProcedure,
  registrationProcedure,
  policyProcedure,
  projectProcedure,
  chainProcedure,
  witnessProcedure,
  openingProcedure,
  evaluationProcedure,
  awardProcedure,
];

export type Audit = { readonly missing: readonly string[]; readonly findings: readonly AuditFinding[] };

/** What is wrong: rows that are not the fold of their entries, entries that are not in the tree, kinds that nobody folds. */
export async function auditOf(journal: Pick<Journal, 'db'>): Promise<Audit> {
  const missing = await unauditedKinds(journal, procedures);
  const { findings } = await auditAll(journal, procedures);
  return { missing, findings };
}

export function expectWhole(audit: Audit): void {
  if (audit.missing.length > 0 || audit.findings.length > 0)
    throw new Error(`the audit of the journal found ${JSON.stringify(audit, null, 2)}`);
}
