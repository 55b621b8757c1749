/** The opening hall: big screen and seat. */
import { type PageRoute, publicPage } from '../page.ts';

export const hallPages: readonly PageRoute[] = [
  publicPage('/hall/:code', {
    shell: 'none',
    page: () => import('./screen/page.tsx'),
    zh: () => import('./screen/page.zh.ts'),
    en: () => import('./screen/page.en.ts'),
  }),
  publicPage('/hall/:code/seat', {
    page: () => import('./seat/page.tsx'),
    zh: () => import('./screen/page.zh.ts'),
    en: () => import('./screen/page.en.ts'),
  }),
];
