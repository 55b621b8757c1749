/** What everyone who is signed in has. */
import { deskPage, type PageRoute } from '../page.ts';

export const everyonePages: readonly PageRoute[] = [
  deskPage('/desk/today', {
    who: 'signed-in',
    nav: { zh: '今天', en: 'Today' },
    page: () => import('./today/page.tsx'),
    zh: () => import('./today/page.zh.ts'),
    en: () => import('./today/page.en.ts'),
  }),
];
