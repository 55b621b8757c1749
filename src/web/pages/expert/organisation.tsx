/** An organisation by its public name; its id until that is known. */
import { useApi } from '../../api/provider.tsx';

export function Organisation({ id }: { id: string }) {
  const found = useApi('GET /api/organisations/:id', { params: { id } });
  return <span>{found.data?.name ?? id.slice(0, 8)}</span>;
}
