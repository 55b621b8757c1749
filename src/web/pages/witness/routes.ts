/** Work of the witness. */
import { deskPage, type PageRoute } from '../page.ts';

export const witnessPages: readonly PageRoute[] = [
  deskPage('/desk/duties', {
    who: ['witness'],
    nav: { zh: '见证任务', en: 'Duties' },
    page: () => import('./duties/page.tsx'),
    zh: () => import('./duties/page.zh.ts'),
    en: () => import('./duties/page.en.ts'),
  }),
  deskPage('/desk/duties/:id', {
    who: ['witness'],
    page: () => import('./duty/page.tsx'),
    zh: () => import('./duty/page.zh.ts'),
    en: () => import('./duty/page.en.ts'),
  }),
];
