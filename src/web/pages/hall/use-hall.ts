/** Finds a project's opening by its code and follows it. */
import { useState } from 'react';
import { useApi } from '../../api/provider.tsx';
import { type LiveState, useLive } from '../../api/socket.ts';
import { applyChange, type Change, type HallState } from './hall-state.ts';

/** The published project of exactly this code. */
export function useProjectOf(code: string) {
  const list = useApi('GET /api/projects', { query: { q: code } });
  const found = list.data?.projects.find((project) => project.code === code);
  const project = useApi(
    'GET /api/projects/:id',
    { params: { id: found?.id ?? '' } },
    { enabled: found !== undefined },
  );
  return { list, found, project: project.data };
}

/** The opening as it is now; null while nothing is known of it (not scheduled yet, or not connected). */
export function useHall(opening: string | undefined): { hall: HallState | null; live: LiveState } {
  const [hall, setHall] = useState<HallState | null>(null);
  // Before its policy is in force an opening has no channel; then the read says so and is asked again.
  const known = useApi(
    'GET /api/openings/:opening',
    { params: { opening: opening ?? '' } },
    { enabled: opening !== undefined && hall === null, refetchSeconds: 15 },
  );
  const live = useLive(known.data && opening ? `/ws/hall/${opening}` : null, ({ kind, data }) =>
    setHall((before) => (kind === 'snapshot' ? (data as HallState) : before && applyChange(before, data as Change))),
  );
  return { hall, live };
}

/** Roles of the quorum by position, from the public policy of the close. */
export function useOfficers(policy: string | undefined): readonly { readonly x: number; readonly role: string }[] {
  const read = useApi(
    'GET /api/policies/:sha256',
    { params: { sha256: policy ?? '' } },
    { enabled: policy !== undefined },
  );
  if (!read.data) return [];
  const parsed = JSON.parse(read.data.document) as { officers: readonly { x: number; role: string }[] };
  return parsed.officers;
}
