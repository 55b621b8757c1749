/** Witness records over HTTP: duty roster, photos, signing, stopping and lifting. */
import { z } from 'zod';
import { fromBase64, fromUtf8 } from '../formats/bytes.ts';
import { base64Text, identifier, sha256Text } from '../formats/primitives.ts';
import { witnessStep, witnessSubjectKind } from '../formats/witness-record.ts';
import type { Journal } from '../journal/index.ts';
import type { FileStore } from '../platform/files.ts';
import { BinaryAnswer, type Call, type Role, type Route, route } from '../platform/http/route.ts';
import { commonRefusal } from '../platform/refusal.ts';
import { keepPhoto, photosOfSubject } from './photos.ts';
import { witnessRefusal, witnessRefusals } from './refusals.ts';
import type { Asker, WitnessService } from './service.ts';
import { lastRecord, onDuty, stepsOf } from './state.ts';
import { acted, answered, draftOf, photoView, view, viewOf, written } from './views.ts';

const subject = z.strictObject({ subject: identifier });
const subjectStep = z.strictObject({ subject: identifier, step: witnessStep });
const steps = z
  .array(witnessStep)
  .min(1)
  .max(7)
  .refine((list) => new Set(list).size === list.length, { message: 'a step is named twice' });
const reason = z.string().trim().min(1).max(300);

/** Those who may read: a record may tell counts before the opening, so it is not public. */
const readers: readonly Role[] = ['host', 'witness', 'supervisor', 'auditor'];
const codes = Object.keys(witnessRefusals);

export function witnessRoutes(deps: {
  readonly journal: Journal;
  readonly files: FileStore;
  readonly witness: WitnessService;
}): Route[] {
  return [
    ...dutyRoutes(deps),
    ...stopRoutes(deps),
    ...recordRoutes(deps),
    ...readRoutes(deps),
    ...photoRoutes(deps),
    ...documentRoutes(deps),
  ];
}

type Deps = Parameters<typeof witnessRoutes>[0];

function dutyRoutes({ journal, witness }: Deps): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/witness',
        name: 'listWitnessDuties',
        who: ['witness'],
        summary: { zh: '我的见证任务', en: 'Subjects on which I stand or stood duty' },
        answer: z.object({ duties: z.array(view) }),
        refusals: [],
      },
      async (call) => ({
        duties: (await witness.dutiesOf(journal.db.read(), call.principal!.person)).map(viewOf),
      }),
    ),
    route(
      {
        method: 'POST',
        path: '/api/witness/:subject/duty',
        name: 'assignWitness',
        who: ['host'],
        summary: { zh: '安排当值见证人', en: 'Put a witness on duty for steps of an opening, lot or project' },
        params: subject,
        body: z.strictObject({ subjectKind: witnessSubjectKind, project: identifier, person: identifier, steps }),
        answer: acted,
        refusals: codes,
      },
      async (call) => answered(await witness.assign(call.params.subject, call.body, askerOf(call))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/witness/:subject/replacement',
        name: 'replaceWitness',
        who: ['host'],
        summary: { zh: '更换见证人并说明原因', en: 'Replace the witness on duty, with the reason' },
        params: subject,
        body: z.strictObject({ person: identifier, steps, reason }),
        answer: acted,
        refusals: codes,
      },
      async (call) => answered(await witness.replace(call.params.subject, call.body, askerOf(call))),
    ),
  ];
}

function stopRoutes({ witness }: Deps): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/witness/:subject/:step/stop',
        name: 'stopStep',
        who: ['witness'],
        summary: { zh: '叫停环节并说明原因', en: 'Stop the step, with the reason' },
        params: subjectStep,
        body: z.strictObject({ reason }),
        answer: acted,
        refusals: codes,
      },
      async (call) =>
        answered(await witness.stop(call.params.subject, call.params.step, call.body.reason, askerOf(call))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/witness/:subject/:step/lift',
        name: 'liftStop',
        who: ['supervisor'],
        summary: { zh: '监督人员解除叫停', en: 'Lift a stop, with the reason; never by a witness of the subject' },
        params: subjectStep,
        body: z.strictObject({ reason }),
        answer: acted,
        refusals: codes,
      },
      async (call) =>
        answered(await witness.lift(call.params.subject, call.params.step, call.body.reason, askerOf(call))),
    ),
  ];
}

function recordRoutes({ journal, witness }: Deps): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/witness/:subject/:step/draft',
        name: 'draftWitnessRecord',
        who: ['witness'],
        summary: {
          zh: '生成待签的见证记录（不保存）',
          en: 'The canonical text to sign, from what was written; nothing is stored',
        },
        params: subjectStep,
        body: written.extend({ photos: z.array(sha256Text).max(20) }),
        answer: z.object({ record: z.string() }),
        refusals: codes,
      },
      async (call) => {
        const reader = journal.db.read();
        const state = await witness.state(reader, call.params.subject);
        const person = call.principal!.person;
        if (!state || onDuty(state, call.params.step) !== person) return witnessRefusal('not-on-duty');
        const kept = await photosOfSubject(reader, state.id);
        return draftOf(state, call.params.step, person, call.body, kept);
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/witness/:subject/:step/record',
        name: 'signWitnessRecord',
        who: ['witness'],
        summary: { zh: '提交已签名的见证记录', en: 'Hand in the signed record (base64 of the text and of the CMS)' },
        params: subjectStep,
        body: z.strictObject({ record: base64Text.max(400_000), signature: base64Text.max(40_000) }),
        maxBytes: 512 * 1024,
        answer: acted,
        refusals: [
          ...codes,
          'signature-invalid',
          'certificate-untrusted',
          'certificate-revoked',
          'certificate-unknown',
        ],
      },
      async (call) => {
        const { record, signature } = call.body;
        const { subject: id, step } = call.params;
        return answered(await witness.record(id, step, fromBase64(record), fromBase64(signature), askerOf(call)));
      },
    ),
  ];
}

function readRoutes({ journal, files, witness }: Deps): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/witness/:subject',
        name: 'readWitnessRecord',
        who: readers,
        summary: { zh: '查看见证记录', en: 'Who is on duty, what is signed, what is stopped' },
        params: subject,
        answer: view,
        refusals: ['not-found'],
      },
      async (call) => {
        const state = await witness.state(journal.db.read(), call.params.subject);
        return state ? viewOf(state) : commonRefusal('not-found');
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/witness/:subject/:step/record',
        name: 'readSignedWitnessRecord',
        who: readers,
        summary: { zh: '最近一份已签名的记录', en: 'The last signed record of a step, text and signature' },
        params: subjectStep,
        answer: z.object({ record: z.string(), signature: z.string(), sha256: z.string() }),
        refusals: ['not-found'],
      },
      async (call) => {
        const state = await witness.state(journal.db.read(), call.params.subject);
        const last = state && lastRecord(state, call.params.step);
        if (!last) return commonRefusal('not-found');
        return {
          record: fromUtf8(await files.read(last.sha256)),
          signature: Buffer.from(await files.read(last.signatureSha256)).toString('base64'),
          sha256: last.sha256,
        };
      },
    ),
  ];
}

function photoRoutes({ journal, files, witness }: Deps): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/witness/:subject/photos',
        name: 'uploadWitnessPhoto',
        who: ['witness'],
        summary: { zh: '上传现场照片（JPEG、PNG）', en: 'Upload a photo (JPEG or PNG)' },
        params: subject,
        body: 'stream',
        answer: photoView,
        status: 201,
        refusals: ['not-on-duty', 'not-a-photo', 'too-many-photos', 'too-large'],
      },
      async (call) => {
        const { person } = call.principal!;
        const state = await witness.state(journal.db.read(), call.params.subject);
        if (!state || !stepsOf[state.subjectKind!].some((step) => onDuty(state, step) === person))
          return witnessRefusal('not-on-duty');
        return keepPhoto({ journal, files }, state.id, person, call.stream);
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/witness/:subject/photos/:sha256',
        name: 'readWitnessPhoto',
        who: readers,
        summary: { zh: '查看现场照片', en: 'A photo of the record' },
        params: z.strictObject({ subject: identifier, sha256: sha256Text }),
        answer: 'binary',
        refusals: ['not-found'],
      },
      async (call) => {
        const photos = await photosOfSubject(journal.db.read(), call.params.subject);
        const photo = photos.find(({ sha256 }) => sha256 === call.params.sha256);
        return photo ? new BinaryAnswer(files.open(photo.sha256), photo.mediaType) : commonRefusal('not-found');
      },
    ),
  ];
}

function documentRoutes({ journal, files, witness }: Deps): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/witness/:subject/document',
        name: 'issueWitnessDocument',
        who: ['host', 'witness'],
        summary: {
          zh: '出具项目的见证记录书（签名 PDF）',
          en: "Issue the project's whole witness record as a signed PDF",
        },
        params: subject,
        answer: acted,
        refusals: codes,
      },
      async (call) => answered(await witness.issueDocument(call.params.subject, askerOf(call))),
    ),
    route(
      {
        method: 'GET',
        path: '/api/witness/:subject/document',
        name: 'readWitnessDocument',
        who: readers,
        summary: { zh: '下载最近出具的见证记录书', en: 'The newest issued witness record of a project (PDF)' },
        params: subject,
        answer: 'binary',
        refusals: ['not-found'],
      },
      async (call) => {
        const issued = (await witness.state(journal.db.read(), call.params.subject))?.documents.at(-1);
        return issued ? new BinaryAnswer(files.open(issued.pdfSha256), 'application/pdf') : commonRefusal('not-found');
      },
    ),
  ];
}

const askerOf = (call: Call<unknown, unknown, unknown>): Asker => ({
  person: call.principal!.person,
  requestId: call.requestId,
  idempotencyKey: call.idempotencyKey,
});
