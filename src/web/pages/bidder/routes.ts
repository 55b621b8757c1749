/** Work of the bidder. */
import { deskPage, type PageRoute } from '../page.ts';

export const bidderPages: readonly PageRoute[] = [
  deskPage('/desk/bids', {
    who: ['bidder'],
    nav: { zh: '我的投标', en: 'My tenders' },
    page: () => import('./bids/page.tsx'),
    zh: () => import('./bids/page.zh.ts'),
    en: () => import('./bids/page.en.ts'),
  }),
  deskPage('/desk/bids/:code', {
    who: ['bidder'],
    page: () => import('./seal/page.tsx'),
    zh: () => import('./seal/page.zh.ts'),
    en: () => import('./seal/page.en.ts'),
  }),
];
