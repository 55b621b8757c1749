/** Refusals of the desk. */
import { type RefusalTable, refusalsOf } from '../platform/refusal.ts';

export type DeskCode = 'entry-unknown' | 'subject-unknown' | 'follow-unknown' | 'mail-address-missing' | 'mail-off';
export const deskRefusals: RefusalTable<DeskCode> = {
  'entry-unknown': { status: 404, zh: '日志中没有这个条目', en: 'The log has no such entry' },
  'subject-unknown': {
    status: 404,
    zh: '没有这个对象，或者您现在还不能查看',
    en: 'There is no such subject, or you may not see it yet',
  },
  'follow-unknown': { status: 404, zh: '没有这个已公告的项目', en: 'There is no such published project' },
  'mail-address-missing': { status: 422, zh: '请先填写邮箱地址', en: 'Please give an address first' },
  'mail-off': { status: 409, zh: '平台没有开通邮件', en: 'The platform sends no mail' },
};
export const deskRefusal = refusalsOf<DeskCode>(deskRefusals);
