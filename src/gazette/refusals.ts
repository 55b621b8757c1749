/** Refusals of the gazette. */
import { type RefusalTable, refusalsOf } from '../platform/refusal.ts';

export const gazetteRefusals = {
  'days-reversed': {
    status: 422,
    zh: '起始日不能晚于截止日',
    en: 'The first day lies after the last one',
  },
  'project-not-published': {
    status: 404,
    zh: '没有这个已公布的项目',
    en: 'No published project has this id',
  },
} as const satisfies RefusalTable<string>;

export const gazetteRefusal = refusalsOf<keyof typeof gazetteRefusals>(gazetteRefusals);
