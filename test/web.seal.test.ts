import { expect, test } from 'vitest';
import type { Api } from '../src/web/api/client.ts';
import { type LaneState, progressOf } from '../src/web/seal/progress.ts';
import { uploadSealed } from '../src/web/seal/upload.ts';

test('a lane never runs backwards and speaks at most ten times a second, and its end is always said', () => {
  let at = 0;
  const said: LaneState[] = [];
  const tell = progressOf(
    (state) => said.push(state),
    () => at,
  );
  for (let i = 0; i <= 1000; i += 1) {
    at = i;
    tell('encrypt', i % 7 === 0 ? i / 2 : i, 1000);
  }
  expect(said.length).toBeLessThanOrEqual(11);
  expect(said.at(-1)).toMatchObject({ percent: 100 });
  for (const [i, { percent }] of said.entries()) expect(percent).toBeGreaterThanOrEqual(said[i - 1]?.percent ?? 0);
});

test('an upload goes on from the offset of the server after a cut, a busy upload and a lost one', async () => {
  const file = new Blob([new Uint8Array(20_000_000)]);
  const faults = ['network', 'upload-busy'];
  const kept: string[] = [];
  const offsets: number[] = [];
  let received = 0;
  const refuse = (code: string) => ({ ok: false, refusal: { code, status: code === 'network' ? 0 : 409 } });
  const call = async (
    operation: string,
    input: { params: { upload?: string }; body?: Blob },
    options?: { headers: Record<string, string> },
  ) => {
    if (operation.startsWith('POST')) return { ok: true, value: { id: 'new', received } };
    if (input.params.upload !== 'new') return refuse('upload-unknown');
    if (operation.startsWith('PATCH')) {
      offsets.push(Number(options?.headers['Upload-Offset']));
      const fault = received > 0 ? faults.shift() : undefined;
      if (fault === 'network') received += 1000;
      if (fault) return refuse(fault);
      received += input.body?.size ?? 0;
    }
    return { ok: true, value: { id: 'new', received } };
  };
  const done = await uploadSealed({
    api: { call } as unknown as Api,
    lot: 'lot',
    file,
    upload: 'gone',
    keep: async (id) => void kept.push(id),
    onBytes: () => {},
    onCut: () => {},
    wait: async () => {},
  });
  expect(done).toEqual({ ok: true, upload: 'new' });
  expect(received).toBe(file.size);
  expect(kept).toEqual(['new']);
  expect(offsets).toEqual([0, 8_388_608, 8_389_608, 8_389_608, 16_778_216]);
});
