/**
 * The way in: log-in and certificate request. They are pages of the desk entry, in the public frame: the key that opens here lives
 * as long as the document, and a log-in goes on to the desk without loading another.
 */
import { deskPage, type PageRoute } from '../page.ts';

export const entrancePages: readonly PageRoute[] = [
  deskPage('/login', {
    who: 'anyone',
    shell: 'none',
    page: () => import('./login/page.tsx'),
    zh: () => import('./login/page.zh.ts'),
    en: () => import('./login/page.en.ts'),
  }),
  deskPage('/enrol', {
    who: 'anyone',
    shell: 'none',
    page: () => import('./enrol/page.tsx'),
    zh: () => import('./enrol/page.zh.ts'),
    en: () => import('./enrol/page.en.ts'),
  }),
];
