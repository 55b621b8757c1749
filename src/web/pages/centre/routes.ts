/** Work of the trading centre, the tenderer and the agency. */
import { deskPage, type PageRoute } from '../page.ts';

export const centrePages: readonly PageRoute[] = [
  deskPage('/desk/host/:code', {
    who: ['host', 'tenderer', 'witness', 'supervisor'],
    page: () => import('./host/page.tsx'),
    zh: () => import('./host/page.zh.ts'),
    en: () => import('./host/page.en.ts'),
  }),
];
