/** Open Contracting Data Standard 1.1, outwards: a published project as a release in a package. Pure. */
import type { ProjectState } from './state.ts';

/** What a release says of an organisation. */
export type OcdsParty = { readonly id: string; readonly name: string; readonly uscc: string };

const lotsExtension =
  'https://raw.githubusercontent.com/open-contracting-extensions/ocds_lots_extension/v1.1.5/extension.json';

/** JSON numbers of yuan; exact up to 2^53 fen (90 million million yuan). */
const money = (fen: string) => ({ amount: Number(BigInt(fen)) / 100, currency: 'CNY' });

const tagOf = ({ status, notices }: ProjectState): string =>
  status === 'terminated' ? 'tenderCancellation' : notices.length > 1 ? 'tenderAmendment' : 'tender';

/** Survey and design are services in the standard's list. */
const categoryOf = (subject: string | undefined): string => (subject === 'design' ? 'services' : (subject ?? 'works'));

/** The release of a published project; `origin` is the platform's public address. Throws for an unpublished one. */
export function releaseOf(project: ProjectState, tenderer: OcdsParty, agency: OcdsParty | null, origin: string) {
  const { publishedAt, schedule, lots, notices } = project;
  if (publishedAt === null) throw new Error('only a published project has a release');
  const [, way, subject] = project.type.split('-');
  const reference = ({ id, name }: OcdsParty) => ({ id, name });
  const organisation = (party: OcdsParty, roles: readonly string[]) => ({
    ...reference(party),
    identifier: { scheme: 'CN-USCC', id: party.uscc, legalName: party.name },
    roles: [...roles],
  });
  const total = lots.reduce((sum, lot) => sum + BigInt(lot.estimateFen), 0n);
  return {
    ocid: `ocds-yangguang-${project.id}`,
    id: `${project.code}-${notices.length}`,
    date: notices.at(-1)?.at ?? publishedAt,
    tag: [tagOf(project)],
    initiationType: 'tender',
    language: 'zh',
    parties: [
      organisation(tenderer, agency ? ['buyer'] : ['buyer', 'procuringEntity']),
      ...(agency ? [organisation(agency, ['procuringEntity'])] : []),
    ],
    buyer: reference(tenderer),
    tender: {
      id: project.code,
      title: project.name,
      status: project.status === 'terminated' ? 'cancelled' : 'active',
      procuringEntity: reference(agency ?? tenderer),
      procurementMethod: way === 'invited' ? 'selective' : 'open',
      mainProcurementCategory: categoryOf(subject),
      eligibilityCriteria: project.qualification,
      submissionMethod: ['electronicSubmission'],
      value: money(total.toString()),
      datePublished: publishedAt,
      tenderPeriod: { startDate: publishedAt, endDate: schedule.deadline },
      enquiryPeriod: { startDate: publishedAt, endDate: schedule.questionsUntil },
      hasEnquiries: project.answers.length > 0,
      lots: lots.map((lot) => ({ id: lot.id, title: lot.name, status: 'active', value: money(lot.estimateFen) })),
      documents: project.documents.map((d) => ({
        id: d.sha256,
        documentType: 'biddingDocuments',
        title: d.name,
        url: `${origin}/api/projects/${project.id}/documents/${d.sha256}`,
        format: d.mediaType,
        language: 'zh',
      })),
      amendments: notices.slice(1).map((n) => ({ id: n.id, date: n.at, description: n.text })),
    },
  };
}

/** The release in the package that publishers give out. */
export function releasePackage(release: ReturnType<typeof releaseOf>, origin: string, project: string) {
  return {
    uri: `${origin}/api/projects/${project}/ocds`,
    version: '1.1',
    extensions: [lotsExtension],
    publishedDate: release.date,
    publisher: { name: '阳光交易 Yangguang' },
    releases: [release],
  };
}
