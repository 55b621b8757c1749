/** Who may sit on the committee: numbers, shares, fitness and recusal (TL 37, TR 46-48, EC 9-12). Pure. */
import { expertCommitment } from '../formats/score-sheet.ts';
import type { Refusal } from '../platform/refusal.ts';
import { evaluationRefusal } from './refusals.ts';
import type {
  CommitteeRule,
  EvaluationCommand,
  EvaluationEvent,
  EvaluationFacts,
  EvaluationState,
  MemberKind,
  Proposed,
  Seat,
} from './state.ts';

type Of<T extends EvaluationCommand['type']> = Extract<EvaluationCommand, { type: T }>;
type NewSeat = Omit<Seat, 'sheet' | 'formerSheets' | 'answer'>;

/** Roles that lead, watch or bid: none of them evaluates. */
const apartRoles: readonly string[] = [
  'bidder',
  'host',
  'witness',
  'supervisor',
  'finance',
  'auditor',
  'administrator',
];

export function formCommittee(
  state: EvaluationState,
  { members }: Of<'formCommittee'>,
  facts: EvaluationFacts,
): Refusal | readonly EvaluationEvent[] {
  if (!facts.place) return evaluationRefusal('lot-unknown');
  if (state.phase !== 'none') return evaluationRefusal('committee-exists');
  const wrong =
    composition(
      members.map((m) => m.kind),
      facts.place.committee,
    ) ?? sameTwice(members.map((m) => m.person));
  if (wrong) return wrong;
  for (const member of members) {
    const unfit = unfitness(member, facts) ?? recusal(member, facts);
    if (unfit) return unfit;
  }
  return [
    {
      type: 'CommitteeFormed',
      seats: members.map((member, i) => seatOf(i + 1, member, facts.salts[i]!)),
      at: facts.now,
    },
  ];
}

/** Recusal, absence or health: somebody else takes the seat and whatever the leaver concluded is void (TR 48). */
export function replaceMember(
  state: EvaluationState,
  { seat, member, reason }: Of<'replaceMember'>,
  facts: EvaluationFacts,
): Refusal | readonly EvaluationEvent[] {
  if (!facts.place) return evaluationRefusal('lot-unknown');
  if (state.phase === 'finished' || state.phase === 'failed') return evaluationRefusal('report-signed');
  const leaver = state.seats.find((s) => s.seat === seat);
  if (!leaver) return evaluationRefusal('seat-unknown');
  const others = state.seats.filter((s) => s.seat !== seat);
  // Nobody comes back to a committee that he had to leave.
  const taken = [...others.map((s) => s.person), ...state.formerMembers.map((f) => f.person), leaver.person];
  const wrong =
    composition([...others.map((s) => s.kind), member.kind], facts.place.committee) ??
    sameTwice([...new Set(taken), member.person]) ??
    unfitness(member, facts) ??
    recusal(member, facts);
  if (wrong) return wrong;
  const { person, expert, salt } = leaver;
  return [
    {
      type: 'MemberReplaced',
      seat,
      person,
      expert,
      salt,
      reason,
      successor: seatOf(seat, member, facts.salts[0]!),
      at: facts.now,
    },
  ];
}

/** Whether somebody on the committee belongs to an organisation that took part; known only after the opening. */
export function mustRecuse(state: EvaluationState, facts: EvaluationFacts): Refusal | null {
  for (const { seat, person, kind } of state.seats) {
    const wrong = recusal({ person, kind }, facts);
    if (wrong) return { ...wrong, details: { ...wrong.details, seat } };
  }
  return null;
}

const seatOf = (seat: number, { person, kind }: Proposed, salt: string): NewSeat => ({
  seat,
  person,
  kind,
  salt,
  expert: expertCommitment(person, salt),
});

function composition(kinds: readonly MemberKind[], rule: CommitteeRule): Refusal | null {
  if (kinds.length < rule.minimum) return evaluationRefusal('committee-too-small', { minimum: rule.minimum });
  if (rule.odd && kinds.length % 2 === 0) return evaluationRefusal('committee-even', { members: kinds.length });
  const experts = kinds.filter((kind) => kind === 'expert').length;
  const [part, whole] = rule.expertShare;
  if (experts * whole < kinds.length * part)
    return evaluationRefusal('experts-too-few', { experts, members: kinds.length, share: `${part}/${whole}` });
  return null;
}

function sameTwice(people: readonly string[]): Refusal | null {
  return new Set(people).size === people.length ? null : evaluationRefusal('member-duplicate');
}

function unfitness({ person, kind }: Proposed, facts: EvaluationFacts): Refusal | null {
  const candidate = facts.candidates[person];
  if (!candidate) return evaluationRefusal('person-unknown', { person });
  const apart = candidate.roles.filter((role) => apartRoles.includes(role));
  if (apart.length > 0) return evaluationRefusal('member-unfit', { person, roles: apart });
  if (facts.witnesses.includes(person)) return evaluationRefusal('member-unfit', { person, ground: 'witness' });
  // Staff of the project's authority or of its administrative supervisor (EC 12).
  if (candidate.kinds.includes('supervision'))
    return evaluationRefusal('member-unfit', { person, ground: 'supervision' });
  const own = candidate.organisation !== null && facts.place!.tenderers.includes(candidate.organisation);
  // An expert employed by the tenderer or its agency is its representative, whatever the pool says of him.
  if (kind === 'expert' && (!candidate.roles.includes('expert') || own))
    return evaluationRefusal('member-unfit', { person, ground: own ? 'tenderer' : 'not-an-expert' });
  if (kind === 'representative' && !own)
    return evaluationRefusal('member-unfit', { person, ground: 'not-of-tenderer' });
  return null;
}

function recusal({ person }: Proposed, facts: EvaluationFacts): Refusal | null {
  const organisation = facts.candidates[person]?.organisation ?? null;
  if (organisation === null || !facts.opened?.organisations.includes(organisation)) return null;
  return evaluationRefusal('member-must-recuse', { person });
}
